const maxEventBytes = 512 * 1024;

/** Makes records of the lines of a log, in order. May hold lines back until the record that they belong to is complete. */
export type RecordSplitter = (line: Buffer) => Buffer | undefined;

/** A line a record; empty ones say nothing. */
export function textLines(): RecordSplitter {
  return (line) => (line.length === 0 ? undefined : line);
}

/** An event a record: OpenSearch spreads one with a stack trace over several lines, with line ends between its tokens. */
export function jsonEvents(): RecordSplitter {
  let held: Buffer[] = [];
  let heldBytes = 0;
  return (line) => {
    held.push(line);
    heldBytes += line.length + 1;
    const event = held.length === 1 ? line : Buffer.from(held.map((part) => part.toString()).join('\n'));
    // What never becomes an event goes on as it is: the pipeline makes a message of any text.
    if (!isJsonObject(event) && startsObject(event) && heldBytes <= maxEventBytes) return undefined;
    held = [];
    heldBytes = 0;
    return event.length === 0 ? undefined : event;
  };
}

/** Of the program's log only what tells of an answered request. */
export function accessLines(): RecordSplitter {
  return (line) => {
    const event = parsedObject(line);
    return typeof event?.['method'] === 'string' && 'path' in event && 'status' in event ? line : undefined;
  };
}

function startsObject(bytes: Buffer): boolean {
  return bytes.toString('latin1').trimStart().startsWith('{');
}

function isJsonObject(bytes: Buffer): boolean {
  return bytes.at(-1) !== undefined && parsedObject(bytes) !== undefined;
}

function parsedObject(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(bytes.toString()) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
