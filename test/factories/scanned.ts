import { JsonScanner, Scan, type ScanCode } from '../../src/worker/flow/json/json-scanner.js';

/** Whether the flow would take these bytes as a record: one JSON object that is nested no deeper than allowed. */
export function isRecord(bytes: Buffer): boolean {
  const code: ScanCode = new JsonScanner().scan(bytes, 0, bytes.length);
  return code === Scan.ok;
}
