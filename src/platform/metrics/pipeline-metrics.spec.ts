import { taskDelta } from '../../../test/factories/task-metrics.js';
import { MetricsRegistry } from './metrics-registry.js';
import { PipelineMetrics } from './pipeline-metrics.js';

const task = { pipelineId: 'orders', index: 1 };
const labels = 'pipeline="orders",task="1"';

function counting() {
  const registry = new MetricsRegistry();
  const metrics = new PipelineMetrics(registry);
  const series = async (start: string) =>
    (await registry.text()).split('\n').filter((line) => line.startsWith(start) && !line.startsWith('#'));
  const value = async (name: string) => {
    const [line] = await series(`${name}{`);
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };
  return { metrics, series, value };
}

describe('what tasks count', () => {
  it('adds up the increments of deltas and shows the last gauges', async () => {
    const { metrics, series, value } = counting();
    metrics.apply(
      structuredClone(
        taskDelta({ counts: { recordsIn: 3, bytesIn: 100 }, gauges: { bulksInFlight: 2, bufferBytes: 50 } }),
      ),
    );
    metrics.apply(
      taskDelta({ counts: { recordsIn: 4, recordsIndexed: 6, bulkRetries: 1 }, gauges: { bulksInFlight: 1 } }),
    );
    expect(await series('sdp_records_in_total')).toEqual([`sdp_records_in_total{${labels}} 7`]);
    expect(await value('sdp_records_indexed_total')).toBe(6);
    expect(await value('sdp_bytes_in_total')).toBe(100);
    expect(await value('sdp_bulk_retries_total')).toBe(1);
    expect(await value('sdp_bulks_in_flight')).toBe(1);
    expect(await value('sdp_buffer_bytes')).toBe(0);
  });

  it('shows a series from the first word of a task on, so that its first increase is seen', async () => {
    const { metrics, value } = counting();
    expect(await value('sdp_records_skipped_total')).toBeUndefined();
    metrics.apply(taskDelta());
    expect(await value('sdp_records_skipped_total')).toBe(0);
    expect(await value('sdp_task_restarts_total')).toBe(0);
  });

  it('counts rejections by stage and code', async () => {
    const { metrics, series } = counting();
    metrics.apply(taskDelta({ recordsRejected: [{ stage: 'index', code: 'MAPPING', count: 2 }] }));
    metrics.apply(taskDelta({ recordsRejected: [{ stage: 'json', code: 'UTF8', count: 1 }] }));
    expect(await series('sdp_records_rejected_total')).toEqual([
      `sdp_records_rejected_total{${labels},stage="index",code="MAPPING"} 2`,
      `sdp_records_rejected_total{${labels},stage="json",code="UTF8"} 1`,
    ]);
  });

  it('observes everything that was measured', async () => {
    const { metrics, value } = counting();
    metrics.apply(
      taskDelta({
        observed: {
          bulkSeconds: [0.25, 0.5],
          bulkRecords: [7],
          bulkBytes: [3_000_000, 2],
          transactionSeconds: [0.004],
          recordAgeSeconds: [100_000],
        },
      }),
    );
    expect(await value('sdp_bulk_duration_seconds_sum')).toBe(0.75);
    expect(await value('sdp_bulk_records_sum')).toBe(7);
    expect(await value('sdp_bulk_bytes_count')).toBe(2);
    expect(await value('sdp_transaction_duration_seconds_count')).toBe(1);
    expect(await value('sdp_record_age_seconds_sum')).toBe(100_000);
  });

  it('shows the lag of the partitions that the task holds now, and no age that nobody knows', async () => {
    const { metrics, series } = counting();
    const lag = [
      { partition: 0, records: 5, seconds: 9 },
      { partition: 1, records: 6, seconds: 8 },
    ];
    metrics.apply(taskDelta({ lag }));
    expect(await series('sdp_lag_seconds')).toEqual([
      `sdp_lag_seconds{${labels},partition="0"} 9`,
      `sdp_lag_seconds{${labels},partition="1"} 8`,
    ]);
    metrics.apply(taskDelta({ lag: [{ partition: 1, records: 2 }] }));
    expect(await series('sdp_lag_records')).toEqual([`sdp_lag_records{${labels},partition="1"} 2`]);
    expect(await series('sdp_lag_seconds')).toEqual([]);
  });

  it('shows one state of a task as 1', async () => {
    const { metrics, series } = counting();
    metrics.setTaskState(task, 'starting');
    metrics.setTaskState(task, 'running');
    expect((await series('sdp_task_state')).filter((line) => line.endsWith(' 1'))).toEqual([
      `sdp_task_state{${labels},state="running"} 1`,
    ]);
  });
});

describe('a task of which nothing runs any more', () => {
  it('has what was last known to be in flight counted as replayed, once', async () => {
    const { metrics, value } = counting();
    metrics.apply(
      taskDelta({
        counts: { recordsIn: 10, recordsIndexed: 2, recordsReplayed: 1 },
        gauges: { recordsInFlight: 7, bufferBytes: 5, bulksInFlight: 1, memoryBytes: 9 },
      }),
    );
    metrics.giveBack(task);
    metrics.giveBack(task);
    expect(await value('sdp_records_replayed_total')).toBe(8);
    for (const gauge of ['records_in_flight', 'buffer_bytes', 'bulks_in_flight', 'task_memory_bytes']) {
      expect([gauge, await value(`sdp_${gauge}`)]).toEqual([gauge, 0]);
    }
    expect(await value('sdp_records_in_total')).toBe(10);
  });

  it('that never said anything shows nothing', async () => {
    const { metrics, series } = counting();
    metrics.giveBack(task);
    expect(await series('sdp_')).toEqual([]);
  });

  it('is forgotten when it has left, and no other is', async () => {
    const { metrics, series } = counting();
    const busy = {
      recordsRejected: [{ stage: 'a', code: 'b', count: 1 }],
      lag: [{ partition: 0, records: 1, seconds: 1 }],
      observed: { bulkSeconds: [1], bulkRecords: [1], bulkBytes: [1], transactionSeconds: [1], recordAgeSeconds: [1] },
    };
    metrics.apply(taskDelta(busy));
    metrics.apply(taskDelta({ ...busy, taskIndex: 2 }));
    metrics.setTaskState(task, 'running');
    metrics.countTaskRestart(task);
    const namesOf = (lines: string[], index: number) =>
      lines.filter((line) => line.includes(`task="${index}"`)).map((line) => line.split('{')[0]);
    const before = namesOf(await series('sdp_'), 2);
    metrics.forgetTask(task);
    const left = await series('sdp_');
    expect(namesOf(left, 1)).toEqual([]);
    expect(namesOf(left, 2)).toEqual(before);
    expect(new Set(before).size).toBeGreaterThan(20);
  });
});
