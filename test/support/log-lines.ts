import { readFileSync } from 'node:fs';

export interface LogLine {
  time: string;
  level: string;
  msg: string;
  [field: string]: unknown;
}

/** The lines of a log file, oldest first. Throws at a line that is not one JSON object. */
export function logLines(file: string): LogLine[] {
  const text = readFileSync(file, 'utf8');
  // A line may be on its way to the file.
  const lines = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
  return lines.map((line) => JSON.parse(line) as LogLine);
}
