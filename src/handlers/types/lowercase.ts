import { textStepHandler } from '../text-step.js';

/** Turns letters into small ones, by Unicode and not by a language: `I` becomes `i` everywhere. */
export const lowercaseHandler = textStepHandler({
  type: 'lowercase',
  description: 'Turns the letters of texts into small ones, in the same way whatever the language',
  example: {
    options: { fields: ['level', 'tags'] },
    before: '{"level":"WARN","tags":["Über","db"],"n":1.0}',
    after: '{"level":"warn","tags":["über","db"],"n":1.0}',
  },
  change: (text) => text.toLowerCase(),
});
