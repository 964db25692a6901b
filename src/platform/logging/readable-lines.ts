interface LineSink {
  write(line: string): void;
}

/** Said once at start, and noise on every line. */
const HIDDEN_FIELDS = new Set(['level', 'time', 'msg', 'service', 'role', 'version', 'pid']);

/** Turns JSON log lines into lines for people: time, level, message, then the fields; stacks on lines of their own. */
export class ReadableLines implements LineSink {
  constructor(private readonly sink: LineSink) {}

  write(line: string): void {
    this.sink.write(readable(line));
  }
}

function readable(line: string): string {
  const { err, ...event } = JSON.parse(line) as Record<string, unknown>;
  const fields = Object.entries(event)
    .filter(([key]) => !HIDDEN_FIELDS.has(key))
    .map(([key, value]) => [key, textOf(value)] as const);
  const inline = fields.filter(([, text]) => !text.includes('\n')).map(([key, text]) => `${key}=${text}`);
  const blocks = [...fields.map(([, text]) => text).filter((text) => text.includes('\n')), ...stackOf(err)];
  const head = [clockOf(event['time']), levelOf(event['level']), textOf(event['msg']), ...inline].join(' ');
  return `${[head, ...blocks.map((block) => block.replace(/^/gm, '    '))].join('\n')}\n`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function clockOf(time: unknown): string {
  return typeof time === 'string' ? time.slice(11, 23) : '';
}

function levelOf(level: unknown): string {
  return (typeof level === 'string' ? level : '').toUpperCase().padEnd(5);
}

function stackOf(error: unknown): string[] {
  const { stack, message } = (error ?? {}) as { stack?: string; message?: string };
  const text = stack ?? message;
  return text === undefined ? [] : [text];
}
