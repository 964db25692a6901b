import { Controller, Get, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { httpMetrics } from './http-metrics.js';
import { MetricsModule } from './metrics.module.js';
import { MetricsRegistry } from './metrics-registry.js';
import { PipelineMetrics } from './pipeline-metrics.js';
import type { TaskMetricsDelta } from './task-metrics-delta.js';

const quiet: TaskMetricsDelta = {
  pipelineId: 'orders',
  taskIndex: 1,
  recordsIn: 0,
  bytesIn: 0,
  recordsIndexed: 0,
  recordsForwarded: 0,
  recordsSkipped: 0,
  recordsDropped: 0,
  recordsSuperseded: 0,
  recordsLostToRetention: 0,
  recordsRejected: [],
  bulkRetries: 0,
  bulkDurationsSec: [],
  transactionDurationsSec: [],
  bulksInFlight: 0,
  bufferBytes: 0,
  lag: [],
};

function counting() {
  const registry = new MetricsRegistry();
  const metrics = new PipelineMetrics(registry);
  const series = async (start: string) =>
    (await registry.text()).split('\n').filter((line) => line.startsWith(start) && !line.startsWith('#'));
  return { metrics, series };
}

describe('what tasks count', () => {
  it('adds up the increments of deltas and shows the last gauges', async () => {
    const { metrics, series } = counting();
    metrics.apply(structuredClone({ ...quiet, recordsIn: 3, bytesIn: 100, bulksInFlight: 2, bufferBytes: 50 }));
    metrics.apply({ ...quiet, recordsIn: 4, recordsIndexed: 6, bulkRetries: 1, bulksInFlight: 1 });
    expect(await series('sdp_records_in_total')).toEqual(['sdp_records_in_total{pipeline="orders",task="1"} 7']);
    expect(await series('sdp_records_indexed_total')).toEqual([
      'sdp_records_indexed_total{pipeline="orders",task="1"} 6',
    ]);
    expect(await series('sdp_bytes_in_total')).toEqual(['sdp_bytes_in_total{pipeline="orders",task="1"} 100']);
    expect(await series('sdp_bulk_retries_total')).toEqual(['sdp_bulk_retries_total{pipeline="orders",task="1"} 1']);
    expect(await series('sdp_bulks_in_flight')).toEqual(['sdp_bulks_in_flight{pipeline="orders",task="1"} 1']);
    expect(await series('sdp_buffer_bytes')).toEqual(['sdp_buffer_bytes{pipeline="orders",task="1"} 0']);
    expect(await series('sdp_records_skipped_total')).toEqual([
      'sdp_records_skipped_total{pipeline="orders",task="1"} 0',
    ]);
  });

  it('counts rejections by stage and code', async () => {
    const { metrics, series } = counting();
    metrics.apply({ ...quiet, recordsRejected: [{ stage: 'index', code: 'MAPPING', count: 2 }] });
    metrics.apply({ ...quiet, recordsRejected: [{ stage: 'json', code: 'UTF8', count: 1 }] });
    expect(await series('sdp_records_rejected_total')).toEqual([
      'sdp_records_rejected_total{pipeline="orders",task="1",stage="index",code="MAPPING"} 2',
      'sdp_records_rejected_total{pipeline="orders",task="1",stage="json",code="UTF8"} 1',
    ]);
  });

  it('observes every duration', async () => {
    const { metrics, series } = counting();
    metrics.apply({ ...quiet, bulkDurationsSec: [0.25, 0.5], transactionDurationsSec: [0.004] });
    expect(await series('sdp_bulk_duration_seconds_sum')).toEqual([
      'sdp_bulk_duration_seconds_sum{pipeline="orders",task="1"} 0.75',
    ]);
    expect(await series('sdp_transaction_duration_seconds_count')).toEqual([
      'sdp_transaction_duration_seconds_count{pipeline="orders",task="1"} 1',
    ]);
  });

  it('shows the lag of the partitions that the task holds now', async () => {
    const { metrics, series } = counting();
    metrics.apply({
      ...quiet,
      lag: [
        { partition: 0, records: 5 },
        { partition: 1, records: 6 },
      ],
    });
    metrics.apply({ ...quiet, lag: [{ partition: 1, records: 2 }] });
    expect(await series('sdp_lag_records')).toEqual(['sdp_lag_records{pipeline="orders",task="1",partition="1"} 2']);
  });

  it('shows one state of a task as 1', async () => {
    const { metrics, series } = counting();
    metrics.setTaskState({ pipelineId: 'orders', index: 1 }, 'starting');
    metrics.setTaskState({ pipelineId: 'orders', index: 1 }, 'running');
    expect((await series('sdp_task_state')).filter((line) => line.endsWith(' 1'))).toEqual([
      'sdp_task_state{pipeline="orders",task="1",state="running"} 1',
    ]);
  });

  it('forgets a task that has left, and no other', async () => {
    const { metrics, series } = counting();
    const busy = {
      ...quiet,
      recordsRejected: [{ stage: 'a', code: 'b', count: 1 }],
      lag: [{ partition: 0, records: 1 }],
      bulkDurationsSec: [1],
    };
    metrics.apply(busy);
    metrics.apply({ ...busy, taskIndex: 2 });
    metrics.setTaskState({ pipelineId: 'orders', index: 1 }, 'running');
    metrics.countTaskRestart({ pipelineId: 'orders', index: 1 });
    metrics.forgetTask({ pipelineId: 'orders', index: 1 });
    const left = await series('sdp_');
    expect(left.filter((line) => line.includes('task="1"'))).toEqual([]);
    expect(left.filter((line) => line.includes('task="2"')).length).toBeGreaterThan(10);
  });
});

@Controller('things')
class Things {
  @Get(':id')
  read(@Param('id') id: string): string {
    return id;
  }
}

describe('GET /metrics', () => {
  async function served(enabled: boolean) {
    const registry = new MetricsRegistry();
    registry.collectProcessMetrics();
    class Root {}
    Module({ imports: [MetricsModule.register({ registry, enabled })], controllers: [Things] })(Root);
    const app = await NestFactory.create<NestExpressApplication>(Root, { logger: false });
    app.use(httpMetrics(registry));
    return app.init();
  }

  it('serves process metrics and requests by route pattern, never by path', async () => {
    const app = await served(true);
    await request(app.getHttpServer()).get('/things/secret-1').expect(200);
    await request(app.getHttpServer()).get('/nothing/secret-2').expect(404);
    const answer = await request(app.getHttpServer()).get('/metrics').expect(200);
    await app.close();
    expect(answer.headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(answer.text).toContain(
      'http_request_duration_seconds_count{method="GET",route="/things/:id",status="200"} 1',
    );
    expect(answer.text).toContain('http_request_duration_seconds_count{method="GET",route="unmatched",status="404"} 1');
    expect(answer.text).toContain('process_cpu_seconds_total');
    expect(answer.text).not.toContain('secret-');
  });

  it('serves nothing when switched off', async () => {
    const app = await served(false);
    await request(app.getHttpServer()).get('/metrics').expect(404);
    await app.close();
  });
});
