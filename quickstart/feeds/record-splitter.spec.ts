import { accessLines, jsonEvents, textLines, type RecordSplitter } from './record-splitter.ts';

function split(splitter: RecordSplitter, lines: readonly string[]): string[] {
  return lines.flatMap((line) => splitter(Buffer.from(line))?.toString() ?? []);
}

describe('textLines', () => {
  it('makes each line a record, but for empty ones', () => {
    expect(split(textLines(), ['[2026-11-21] INFO started', '', '\tat x.y(Z.java:1)'])).toEqual([
      '[2026-11-21] INFO started',
      '\tat x.y(Z.java:1)',
    ]);
  });
});

describe('jsonEvents', () => {
  it('makes one record of an event that is spread over lines', () => {
    const lines = ['{"level": "ERROR", ', '"stacktrace": ["a",', '"b"]  }', '{"level": "INFO"}'];
    expect(split(jsonEvents(), lines)).toEqual([
      '{"level": "ERROR", \n"stacktrace": ["a",\n"b"]  }',
      '{"level": "INFO"}',
    ]);
  });

  it('passes on what is no JSON', () => {
    expect(split(jsonEvents(), ['warning: text', '', '{"a":1}'])).toEqual(['warning: text', '{"a":1}']);
  });

  it('does not wait for ever for an event that was cut off', () => {
    const lines = ['{"cut": "off', ...Array.from({ length: 6 }, () => 'x'.repeat(100_000)), '{"next":1}'];
    const records = split(jsonEvents(), lines);
    expect(records.join('\n')).toBe(lines.join('\n'));
    expect(records.at(-1)).toBe('{"next":1}');
  });
});

describe('accessLines', () => {
  it('takes requests and leaves out everything else that the program logs', () => {
    const request = '{"level":"info","method":"GET","route":"/x/:id","path":"/x/1","status":404,"msg":"request"}';
    const lines = ['{"level":"info","msg":"Serving all"}', request, 'Debugger attached', '[1]', 'null'];
    expect(split(accessLines(), lines)).toEqual([request]);
  });
});
