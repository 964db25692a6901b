import { jest } from '@jest/globals';
import { desiredTask } from '../../../test/factories/desired-task.js';
import { AppConfig } from '../../config/app-config.js';
import { buildTaskSettings } from '../supervisor/build-task-settings.js';
import { TaskRunner } from './task-runner.js';
import { TaskSampler } from './task-sampler.js';

interface Standing {
  ends?: [number, number][];
  starts?: [number, number][];
  committed?: [number, number][];
  newest?: number;
  buffered?: number;
}

/** A task that is not started; what it read and holds is given. */
function runner(pipelineId: string, standing?: Standing): TaskRunner {
  const settings = buildTaskSettings(new AppConfig(), desiredTask({ pipelineId }));
  const ports = {
    onStatus: () => undefined,
    findBase: () => Promise.resolve(undefined),
    reviveBase: () => Promise.resolve(false),
    emitSpans: () => undefined,
    log: () => undefined,
  };
  const made = new TaskRunner(settings, ports);
  if (standing) {
    const starts = new Map(standing.starts);
    const current = {
      source: { endOffsets: new Map(standing.ends), startOf: (partition: number) => starts.get(partition) },
      commits: { committed: new Map(standing.committed), lastRecordTimestamp: standing.newest ?? 0 },
      indexer: { inFlightCount: 2 },
      flow: { bufferedBytes: standing.buffered ?? 0 },
    };
    Object.defineProperty(made, 'current', { value: current });
  }
  return made;
}

const NOW_MS = 1_735_700_000_000;

beforeEach(() => {
  jest.useFakeTimers({ now: NOW_MS });
});
afterEach(() => {
  jest.useRealTimers();
});

/** Samples after so many ms. */
function sample(runners: TaskRunner[], afterMs = 2000) {
  const sampler = new TaskSampler();
  jest.advanceTimersByTime(afterMs);
  return sampler.take(runners);
}

describe('what a thread tells of its tasks', () => {
  it('is what they counted since the last time, and rates of it', () => {
    const busy = runner('a');
    Object.assign(busy.metrics, { recordsIn: 100, indexed: 80, forwarded: 81, superseded: 1, skipped: 4, dropped: 5 });
    busy.metrics.lostToRetention = 7;
    for (let n = 0; n < 10; n++) {
      busy.metrics.reject('index', n < 4 ? 'DOCUMENT_REJECTED' : 'DOCUMENT_TOO_LARGE');
    }
    const sampler = new TaskSampler();
    jest.advanceTimersByTime(2000);
    const [first] = sampler.take([busy]);
    expect(first?.sample).toMatchObject({ recordsInPerSec: 50, indexedPerSec: 40, rejectedPerSec: 5 });
    expect(first?.metrics).toMatchObject({
      pipelineId: 'a',
      taskIndex: 0,
      recordsIn: 100,
      recordsIndexed: 80,
      recordsForwarded: 81,
      recordsSuperseded: 1,
      recordsSkipped: 4,
      recordsDropped: 5,
      recordsLostToRetention: 7,
      recordsRejected: [
        { stage: 'index', code: 'DOCUMENT_REJECTED', count: 4 },
        { stage: 'index', code: 'DOCUMENT_TOO_LARGE', count: 6 },
      ],
    });
    jest.advanceTimersByTime(1000);
    const [second] = sampler.take([busy]);
    expect(second?.sample).toMatchObject({ recordsInPerSec: 0, indexedPerSec: 0, rejectedPerSec: 0 });
    expect(second?.metrics).toMatchObject({ recordsIn: 0, recordsRejected: [] });
  });

  it('is lag behind the end: from what is committed, else from where reading began', () => {
    const [told] = sample([
      runner('a', {
        ends: [
          [0, 100],
          [1, 50],
          [2, 30],
          [3, 10],
        ],
        committed: [
          [0, 60],
          [3, 12],
        ],
        starts: [
          [0, 5],
          [1, 45],
        ],
        newest: NOW_MS - 4000,
      }),
    ]);
    expect(told?.metrics.lag).toEqual([
      { partition: 0, records: 40 },
      { partition: 1, records: 5 },
      { partition: 2, records: 0 },
      { partition: 3, records: 0 },
    ]);
    expect(told?.sample).toMatchObject({ lagRecords: 45, lagSeconds: 6 });
  });

  it('is no lag in seconds when nothing is behind, however old the last record is', () => {
    const [told] = sample([runner('a', { ends: [[0, 60]], committed: [[0, 60]], newest: 1000 })]);
    expect(told?.sample).toMatchObject({ lagRecords: 0, lagSeconds: 0 });
  });

  it('is nothing of a task between two runs', () => {
    const [told] = sample([runner('a')]);
    expect(told?.sample).toMatchObject({ lagRecords: 0, lagSeconds: 0 });
    expect(told?.metrics).toMatchObject({ lag: [], bulksInFlight: 0, bufferBytes: 0 });
  });

  it('shares the CPU out by the bytes that were read, evenly when none were, and the heap evenly', () => {
    const [a, b, c] = [runner('a', { buffered: 1000 }), runner('b'), runner('c')];
    a.metrics.bytesIn = 300;
    b.metrics.bytesIn = 100;
    const sampler = new TaskSampler();
    // Some work to be shared out.
    expect(Array.from({ length: 300_000 }, (_, n) => Math.sqrt(n)).sort().length).toBe(300_000);
    jest.advanceTimersByTime(1000);
    const told = sampler.take([a, b, c]).map((each) => each.sample);
    const cpu = told.map(({ cpuPercent }) => cpuPercent);
    expect(cpu[0]).toBeGreaterThan(0);
    expect(cpu[0]! / cpu[1]!).toBeCloseTo(3);
    expect(cpu[2]).toBe(0);
    expect(told[0]!.memoryBytes - told[1]!.memoryBytes).toBe(1000);
    expect(told[1]?.memoryBytes).toBe(told[2]?.memoryBytes);

    jest.advanceTimersByTime(1000);
    const idle = sampler.take([a, b, c]).map((each) => each.sample.cpuPercent);
    expect(new Set(idle).size).toBe(1);
  });

  it('is nothing when there are none', () => {
    expect(sample([])).toEqual([]);
  });
});
