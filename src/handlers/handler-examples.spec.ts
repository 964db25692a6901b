import { handled, testResources } from '../../test/factories/handled.js';
import { checkHandlers } from './check-handlers.js';
import { HANDLER_TYPES } from './handler-types.js';

describe.each([...HANDLER_TYPES])('the example of %s', (name, type) => {
  const { options, before, after } = type.example;
  const handler = { ...options, type: name };

  it('passes its own schema', () => {
    expect(checkHandlers([handler], testResources)).toEqual([]);
  });

  it('does what it shows', async () => {
    expect(await handled(handler, before)).toBe(after);
  });

  it('has a description and an example for each option', () => {
    expect(type.description).not.toBe('');
    for (const [option, { description, example }] of Object.entries<{ description: string; example: unknown }>(
      type.options,
    )) {
      expect([option, description, example]).toEqual([option, expect.stringMatching(/\w/), expect.anything()]);
    }
  });
});
