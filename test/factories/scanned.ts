import { JsonScanner, Scan } from '../../src/worker/flow/json/json-scanner.js';

/** Whether the flow would take these bytes for a JSON object that is not nested too deeply. */
export function isScannedObject(bytes: Buffer): boolean {
  return new JsonScanner().scan(bytes, 0, bytes.length) === Scan.ok;
}
