import { handled, testResources } from '../../test/factories/handled.js';
import { BaseContext } from '../stream/base-context.js';
import { compileChain } from './compile-chain.js';
import { HandlerFailure } from './handler-failure.js';

const mustRename = { type: 'rename', from: 'a', to: 'b', ignore_missing: false };
const toMark = { type: 'rename', from: 'x', to: 'mark' };

describe('a chain of configured handlers', () => {
  it('applies them in order, each to what the one before has made', async () => {
    expect(
      await handled(
        [
          { type: 'rename', from: 'a', to: 'b' },
          { type: 'rename', from: 'b', to: 'c.d' },
          { type: 'remove', fields: ['x'] },
        ],
        '{"a":1.0,"x":2,"n":12345678901234567890}',
      ),
    ).toBe('{"n":12345678901234567890,"c":{"d":1.0}}');
  });

  it('passes over a handler whose condition is not met', async () => {
    const handler = { type: 'drop', when: { field: 'level', equals: 'debug' } };

    expect(await handled(handler, '{"level":"info"}')).toBe('{"level":"info"}');
    expect(await handled(handler, '{"level":"debug"}')).toBe('dropped: by a handler');
  });

  it('does not run what comes after a drop', async () => {
    expect(await handled([{ type: 'drop' }, mustRename], '{"x":1}')).toBe('dropped: by a handler');
  });

  describe('when a handler cannot be applied', () => {
    it('rejects the record unless told otherwise, and says which handler it was', async () => {
      expect(await handled([toMark, mustRename], '{"x":1}')).toBe(
        'rejected: handlers[1] (rename): the record has no field a',
      );
    });

    it('goes on with the record as it was before the handler', async () => {
      expect(
        await handled(
          [toMark, { ...mustRename, on_error: 'keep' }, { type: 'remove', fields: ['y'] }],
          '{"x":1,"y":2}',
        ),
      ).toBe('{"mark":1}');
    });

    it('drops the record', async () => {
      expect(await handled({ ...mustRename, on_error: 'drop' }, '{"x":1}')).toBe(
        'dropped: handlers[0] (rename): the record has no field a',
      );
    });
  });

  it('refuses a record that a handler makes larger than a record may be', async () => {
    const chain = compileChain([{ type: 'rename', from: 'a', to: 'b'.repeat(30) }], {
      ...{ resources: testResources, maxRecordBytes: 20 },
    });
    const context = new BaseContext<Buffer>({ record: Buffer.from('{"a":1}') });

    expect(await context.run(chain)).toMatchObject({
      kind: 'fail',
      error: { message: 'handlers[0] (rename): makes the record 36 bytes long, the limit is 20', isRefusal: false },
    });
  });

  it('refuses a record as soon as one of many changes of a handler makes it too large', async () => {
    const chain = compileChain([{ type: 'grok', field: 'm', patterns: ['(?P<a>(?P<b>.*))'], target: 't' }], {
      ...{ resources: testResources, maxRecordBytes: 30 },
    });
    const context = new BaseContext<Buffer>({ record: Buffer.from(`{"m":"${'x'.repeat(20)}"}`) });

    expect(await context.run(chain)).toMatchObject({
      error: { message: expect.stringMatching(/^handlers\[0\] \(grok\): makes the record 61 bytes long/) as string },
    });
    expect(context.record.toString()).toBe(`{"m":"${'x'.repeat(20)}"}`);
  });

  it('rejects a record that takes its time, whatever its handlers say, and leaves the next one all of it', async () => {
    const slow = { type: 'replace', fields: ['a'], pattern: 'a+b|a', replacement: 'x', on_error: 'keep' as const };
    const chain = compileChain([slow, slow, toMark], { resources: testResources, maxRecordBytes: 1_000_000 });
    const run = (json: string) => new BaseContext<Buffer>({ record: Buffer.from(json) }).run(chain);

    expect(await run(`{"a":"${'a'.repeat(100_000)}"}`)).toMatchObject({
      kind: 'fail',
      error: {
        message:
          'handlers[0] (replace): a is not worked on to its end: the handlers of a record may compute for 2000 ms',
      },
    });
    expect(await run('{"a":"aab"}')).toEqual({ kind: 'next' });
  });

  it('takes a condition that cannot be told of a record for a fault of its handler', async () => {
    const handler = { type: 'drop', when: { not: { field: 'a', matches: '[^b]{900}c' } } };
    const record = `{"a":"${'a'.repeat(500_000)}"}`;

    expect(await handled(handler, record)).toMatch(
      /^rejected: handlers\[0\] \(drop\): a is 500000 characters long; a pattern of this size is matched with \d+ at most$/,
    );
    expect(await handled({ ...handler, on_error: 'keep' }, record)).toBe(record);
  });

  it('tells the place and the type of the handler that failed', async () => {
    const context = new BaseContext<Buffer>({ record: Buffer.from('{}') });
    const result = await context.run(
      compileChain([toMark, mustRename], { resources: testResources, maxRecordBytes: 1000 }),
    );

    expect(result.kind === 'fail' && result.error).toBeInstanceOf(HandlerFailure);
    expect(result).toMatchObject({ error: { index: 1, type: 'rename' } });
  });

  it('answers without a promise as long as its handlers do', () => {
    const context = new BaseContext<Buffer>({ record: Buffer.from('{"x":1}') });

    expect(context.run(compileChain([toMark], { resources: testResources, maxRecordBytes: 1000 }))).toEqual({
      kind: 'next',
    });
    expect(context.record.toString()).toBe('{"mark":1}');
  });
});
