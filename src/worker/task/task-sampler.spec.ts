import { jest } from '@jest/globals';
import { desiredTask } from '../../../test/factories/desired-task.js';
import { AppConfig } from '../../config/app-config.js';
import { ItemState } from '../flow/batch/item-state.js';
import type { FlowMetrics } from '../flow/flow-metrics.js';
import { buildTaskSettings } from '../supervisor/build-task-settings.js';
import { TaskRunner } from './task-runner.js';
import { TaskSampler } from './task-sampler.js';

interface Standing {
  ends?: [number, number][];
  starts?: [number, number][];
  committed?: [number, number][];
  committedTimestamps?: [number, number][];
  firstTimestamps?: [number, number][];
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
      commits: {
        committed: new Map(standing.committed),
        committedTimestamps: new Map(standing.committedTimestamps),
      },
      indexer: { inFlightCount: 2 },
      flow: {
        bufferedBytes: standing.buffered ?? 0,
        firstTimestamps: () => new Map(standing.firstTimestamps),
      },
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

function readMany(metrics: FlowMetrics, records: number, bytes = 1): void {
  for (let n = 0; n < records; n++) {
    metrics.read(bytes);
  }
}

describe('what a thread tells of its tasks', () => {
  it('is what they counted since the last time, and rates of it', () => {
    const busy = runner('a');
    const { metrics } = busy;
    readMany(metrics, 100, 7);
    for (let n = 0; n < 80; n++) {
      metrics.finish(ItemState.Indexed);
    }
    metrics.finish(ItemState.Superseded);
    metrics.finish(ItemState.Skipped);
    metrics.finish(ItemState.Dropped);
    for (let n = 0; n < 10; n++) {
      const code = n < 4 ? 'DOCUMENT_REJECTED' : 'DOCUMENT_TOO_LARGE';
      metrics.finish(ItemState.Rejected, { stage: 'index', code, reason: 'no' });
    }
    metrics.giveBack(5);
    metrics.recordsLostToRetention = 7;
    metrics.bytesIndexed = 900;
    metrics.observeBulk({ seconds: 0.5, items: 10, bytes: 3000, retriedItems: 3 });
    metrics.observeTransaction(0.25);
    metrics.observeRecordAge(1.5);
    const sampler = new TaskSampler();
    jest.advanceTimersByTime(2000);
    const [first] = sampler.take([busy]);
    expect(first?.sample).toMatchObject({ recordsInPerSec: 50, indexedPerSec: 40, rejectedPerSec: 5 });
    expect(first?.metrics).toMatchObject({
      pipelineId: 'a',
      taskIndex: 0,
      counts: {
        recordsIn: 100,
        recordsReplayed: 5,
        recordsIndexed: 80,
        recordsForwarded: 81,
        recordsSuperseded: 1,
        recordsSkipped: 1,
        recordsDropped: 1,
        recordsLostToRetention: 7,
        bytesIn: 700,
        bytesIndexed: 900,
        bulkRetries: 3,
      },
      gauges: { recordsInFlight: 2 },
      observed: {
        bulkSeconds: [0.5],
        bulkRecords: [10],
        bulkBytes: [3000],
        transactionSeconds: [0.25],
        recordAgeSeconds: [1.5],
      },
      recordsRejected: [
        { stage: 'index', code: 'DOCUMENT_REJECTED', count: 4 },
        { stage: 'index', code: 'DOCUMENT_TOO_LARGE', count: 6 },
      ],
    });
    jest.advanceTimersByTime(1000);
    const [second] = sampler.take([busy]);
    expect(second?.sample).toMatchObject({ recordsInPerSec: 0, indexedPerSec: 0, rejectedPerSec: 0 });
    expect(second?.metrics).toMatchObject({
      counts: { recordsIn: 0, recordsReplayed: 0, bytesIn: 0, bulkRetries: 0 },
      gauges: { recordsInFlight: 2 },
      observed: { bulkSeconds: [], recordAgeSeconds: [] },
      recordsRejected: [],
    });
  });

  it('is rates of a whole window, also when a neighbour ended a moment before', () => {
    const busy = runner('a');
    const sampler = new TaskSampler();
    readMany(busy.metrics, 1000);
    jest.advanceTimersByTime(1000);
    sampler.take([busy]);
    readMany(busy.metrics, 40);
    jest.advanceTimersByTime(1);
    const [meanwhile] = sampler.take([busy]);
    expect(meanwhile?.sample.recordsInPerSec).toBe(1000);
    expect(meanwhile?.metrics.counts.recordsIn).toBe(40);
    readMany(busy.metrics, 460);
    jest.advanceTimersByTime(999);
    expect(sampler.take([busy])[0]?.sample.recordsInPerSec).toBe(500);
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
        firstTimestamps: [[0, NOW_MS - 4000]],
      }),
    ]);
    expect(told?.metrics.lag).toEqual([
      { partition: 0, records: 40, seconds: 6 },
      { partition: 1, records: 5 },
      { partition: 2, records: 0, seconds: 0 },
      { partition: 3, records: 0, seconds: 0 },
    ]);
    expect(told?.sample).toMatchObject({ lagRecords: 45, lagSeconds: 6 });
  });

  it('is the age of the last committed record while nothing behind it is read', () => {
    const [told] = sample([
      runner('a', {
        ends: [
          [0, 60],
          [1, 60],
          [2, 60],
        ],
        committed: [
          [0, 59],
          [1, 60],
          [2, 59],
        ],
        committedTimestamps: [
          [0, NOW_MS - 1000],
          [1, NOW_MS - 9000],
          // A producer that gives no time.
          [2, -1],
        ],
      }),
    ]);
    expect(told?.metrics.lag).toEqual([
      { partition: 0, records: 1, seconds: 3 },
      { partition: 1, records: 0, seconds: 0 },
      { partition: 2, records: 1 },
    ]);
    expect(told?.sample.lagSeconds).toBe(3);
  });

  it('is nothing of a task between two runs', () => {
    const [told] = sample([runner('a')]);
    expect(told?.sample).toMatchObject({ lagRecords: 0, lagSeconds: 0 });
    expect(told?.metrics).toMatchObject({ lag: [], gauges: { bulksInFlight: 0, bufferBytes: 0 } });
  });

  it('shares the CPU out by the bytes that were read, evenly when none were, and the heap evenly', () => {
    const [a, b, c] = [runner('a', { buffered: 1000 }), runner('b'), runner('c')];
    a.metrics.bytesIn = 300;
    b.metrics.bytesIn = 100;
    const sampler = new TaskSampler();
    // Some work to be shared out.
    expect(Array.from({ length: 300_000 }, (_, n) => Math.sqrt(n)).sort().length).toBe(300_000);
    jest.advanceTimersByTime(1000);
    const taken = sampler.take([a, b, c]);
    const told = taken.map((each) => each.sample);
    expect(taken[0]!.metrics.counts.cpuSeconds).toBeCloseTo(told[0]!.cpuPercent / 100);
    expect(taken[0]!.metrics.gauges.memoryBytes).toBe(told[0]!.memoryBytes);
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
