import { textStepHandler } from '../text-step.js';

/** Takes white space off both ends; what stands within a text stays. */
export const trimHandler = textStepHandler({
  type: 'trim',
  description: 'Takes white space, line breaks included, off both ends of texts',
  example: {
    options: { fields: ['user', 'tags'] },
    before: '{"user":"  ann lee\\n","tags":[" a ","b"]}',
    after: '{"user":"ann lee","tags":["a","b"]}',
  },
  change: (text) => text.trim(),
});
