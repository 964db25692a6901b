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
    expect(buffer.drain()).toEqual([report('a', 1, 2), report('a', 1, 1, 1), report('b', 2, 1)]);
    expect(buffer.drain()).toEqual([]);
  });

  it('that could not be written do not replace newer ones', () => {
    const buffer = new ReportBuffer();
    buffer.add(report('a', 1, 1));
    const [old] = buffer.drain();
    buffer.add(report('a', 1, 2));
    buffer.putBack(old!);
    expect(buffer.drain()).toEqual([report('a', 1, 2)]);
  });
});
