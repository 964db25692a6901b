import { parseTaskReport } from './parse-task-report.js';
import type { TaskReport } from './task-report.js';

const report: TaskReport = {
  version: 1,
  pipelineId: 'p1',
  index: 0,
  workerId: 'w1',
  generation: 1_700_000_000_000,
  sequence: 5,
  revision: 7,
  state: 'error',
  cause: 'the group refused us',
  causeCode: 'KAFKA_UNAVAILABLE',
  since: 1,
  reportedAt: 2,
  attempts: 3,
  nextAttemptAt: 4,
  cpuPercent: 12.5,
  memoryBytes: 1024,
  lagRecords: 10,
  lagSeconds: 0.25,
  recordsInPerSec: 1.5,
  indexedPerSec: 1.5,
  rejectedPerSec: 0,
};
const parse = (changes: object) => parseTaskReport(Buffer.from(JSON.stringify({ ...report, ...changes })));

describe('reading a task report', () => {
  it('takes it as it was written', () => {
    expect(parse({})).toEqual({ isValid: true, message: report });
  });

  it.each([
    [{ state: 'unknown' }, 'state must be starting or running or waiting or error or stopping or stopped or moved'],
    [{ workerId: '' }, 'workerId must be a text that is not empty'],
    [{ sequence: -1 }, 'sequence must be a whole number of at least 0'],
    [{ cause: undefined }, 'cause must be a text'],
    [{ lagSeconds: null }, 'lagSeconds must be a number of at least 0'],
  ])('names the field at fault: %j', (changes, reason) => {
    expect(parse(changes)).toEqual({ isValid: false, isNewer: false, reason });
  });

  it('tells a newer version', () => {
    expect(parse({ version: 3 })).toMatchObject({ isValid: false, isNewer: true });
  });
});
