import fc from 'fast-check';
import { parseDesiredTask } from './parse-desired-task.js';
import { parseTaskReport } from './parse-task-report.js';

describe('messages of the control plane', () => {
  it('any bytes and any JSON are either a message or a reason, never a throw', () => {
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .dictionary(
          fc.constantFrom('version', 'pipelineId', 'index', 'settings', 'handlers', '__proto__'),
          fc.jsonValue(),
        )
        .map((body) => Buffer.from(JSON.stringify(body))),
    );
    fc.assert(
      fc.property(bytes, (value) => {
        for (const parsed of [parseDesiredTask(value), parseTaskReport(value)]) {
          expect(parsed.isValid || parsed.reason.length > 0).toBe(true);
        }
      }),
    );
  });
});
