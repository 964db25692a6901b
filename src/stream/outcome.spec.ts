import { fail, failedByBug, next, stop, toOutcome } from './outcome.js';

describe('outcomes', () => {
  it('carry the reason or the error they were given', () => {
    const error = new Error('no such field');

    expect(stop('filtered')).toEqual({ kind: 'stop', reason: 'filtered' });
    expect(fail(error)).toEqual({ kind: 'fail', error, isBug: false });
    expect(failedByBug(error)).toEqual({ kind: 'fail', error, isBug: true });
  });

  it.each(['text', 7, null, undefined, Object.create(null)])('keep %p, which is no Error, as the cause', (thrown) => {
    const { error } = fail(thrown);

    expect(error).toBeInstanceOf(Error);
    expect(error.cause).toBe(thrown);
  });

  it.each([undefined, null, true, 'next', {}, { kind: 'done' }, { kind: 'fail' }, { kind: 'fail', error: 'text' }])(
    'treat %p, which no handler may return, as a bug',
    (returned) => {
      expect(toOutcome(returned)).toMatchObject({ kind: 'fail', isBug: true });
    },
  );

  it('are recognised by their kind, so that those of another copy of the library count too', () => {
    const foreign = { kind: 'stop', reason: 'filtered' };

    expect(toOutcome(foreign)).toBe(foreign);
    expect(toOutcome(next)).toBe(next);
  });
});
