import { JsonScanner, Scan } from '../../src/document/ensure/json-scanner.js';

/** Whether the flow would take these bytes as a record: one JSON object that is nested no deeper than allowed. */
export function isRecord(bytes: Buffer): boolean {
  return new JsonScanner().scan(bytes, 0, bytes.length) === Scan.ok;
}
