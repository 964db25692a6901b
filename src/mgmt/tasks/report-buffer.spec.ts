import type { TaskReport } from '../../control/task-report.js';
import { ReportBuffer } from './report-buffer.js';

const report = (pipelineId: string, generation: number, sequence: number, index = 0) =>
  ({ pipelineId, index, generation, sequence }) as TaskReport;

describe('gathered reports', () => {
  it('are the last one of each task, whatever order they came in', () => {
    const buffer = new ReportBuffer();
    [report('a', 1, 2), report('a', 1, 1), report('a', 1, 1, 1), report('b', 2, 1), report('b', 1, 9)].forEach((one) =>
      buffer.add(one),
    );
    expect(buffer.drain().latest).toEqual([report('a', 1, 2), report('a', 1, 1, 1), report('b', 2, 1)]);
    expect(buffer.drain()).toEqual({ latest: [], changes: [] });
  });

  it('that could not be written do not replace newer ones', () => {
    const buffer = new ReportBuffer();
    buffer.add(report('a', 1, 1));
    const old = buffer.drain();
    buffer.add(report('a', 1, 2));
    buffer.putBack(old);
    expect(buffer.drain().latest).toEqual([report('a', 1, 2)]);
  });

  it('keep what a task went through between two writes, in order', () => {
    const buffer = new ReportBuffer();
    const inState = (sequence: number, state: string, causeCode = '') =>
      ({ ...report('a', 1, sequence), state, causeCode }) as TaskReport;
    const went = [inState(1, 'running'), inState(3, 'error', 'X'), inState(4, 'error', 'Y'), inState(5, 'starting')];
    [went[0]!, inState(2, 'running'), ...went.slice(1)].forEach((one) => buffer.add(one));
    expect(buffer.drain()).toEqual({ latest: [went[3]], changes: went });
  });
});
