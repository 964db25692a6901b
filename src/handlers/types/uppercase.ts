import { textStepHandler } from '../text-step.js';

/** Turns letters into capitals, by Unicode and not by a language: `i` becomes `I` everywhere, `ß` becomes `SS`. */
export const uppercaseHandler = textStepHandler({
  type: 'uppercase',
  description: 'Turns the letters of texts into capitals, in the same way whatever the language',
  example: {
    options: { fields: ['level'] },
    before: '{"level":"warn","n":1.0}',
    after: '{"level":"WARN","n":1.0}',
  },
  change: (text) => text.toUpperCase(),
});
