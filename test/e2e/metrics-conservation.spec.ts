import { ownId } from '../factories/record-contents.js';
import type { InputRecord } from '../factories/input-record.js';
import { jsonRecords, mixedRecords } from '../factories/input-records.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import { actualOutcome } from '../support/actual-outcome.js';
import type { ApiClient, PipelineBody } from '../support/api-client.js';
import { openSearchUrl } from '../support/environment.js';
import { FreezableProxy } from '../support/freezable-proxy.js';
import { Installation } from '../support/installation.js';
import { MetricsPage } from '../support/metrics-page.js';
import type { ProgramProcess } from '../support/program-process.js';
import { ProgramThreads } from '../support/program-threads.js';
import { shortSession } from '../support/short-session.js';
import { waitUntil } from '../support/wait-until.js';

const heapLimitMiB = 200;
const settings = {
  ...shortSession,
  // A bulk that was given back keeps its place until OpenSearch answers: there have to be places for the next ones.
  SDP_SERVER_MAXINFLIGHTBULKS: '16',
  SDP_SERVER_STOPTIMEOUTSEC: '2',
  // A run that gives up would replay records that this test wants to hold on to.
  SDP_SERVER_FAILURETHRESHOLD: '1000',
};

describe('the counts of a worker', () => {
  let installation: Installation;
  let api: ApiClient;
  let worker: ProgramProcess;
  let threads: ProgramThreads;
  /** Between the worker and OpenSearch. */
  let proxy: FreezableProxy;
  /** Two tasks, each with a thread and a heap of its own. */
  let plain: PipelineBody;
  /** One task; a record is superseded when its id has a document of a higher offset. */
  let versioned: PipelineBody;
  const produced = new Map<string, InputRecord[]>();

  beforeAll(async () => {
    installation = await Installation.make('metrics-conservation', settings);
    api = installation.api(await installation.start(['--role', 'mgmt']));
    plain = await api.create(
      pipelineRequest(installation.indexBase('plain'), {
        id: 'plain',
        settings: { input_partitions: 4 },
        deployment_config: { parallelism: 2, memory_limit: 2 * heapLimitMiB, isolation: 'dedicated' },
      }),
    );
    versioned = await api.create(
      pipelineRequest(installation.indexBase('versioned'), {
        id: 'versioned',
        document_version: 'offset',
        settings: { input_partitions: 2 },
      }),
    );
    const { hostname, port } = new URL(openSearchUrl());
    proxy = await FreezableProxy.to(hostname, Number(port));
    worker = await installation.start(['--role', 'worker'], {
      ...ProgramThreads.settings,
      SDP_OPENSEARCH_NODES: `http://127.0.0.1:${proxy.port}`,
    });
    await waitUntil('all tasks are shown', async () => (await scrape()).sum('sdp_task_state') === 3);
    threads = await ProgramThreads.of(worker);
  });
  afterAll(async () => {
    threads.close();
    await installation.remove();
    await proxy.close();
  });

  const scrape = async () => new MetricsPage(await worker.metrics());
  const produce = async ({ id, input_topic: topic }: PipelineBody, records: readonly InputRecord[]) => {
    produced.set(id, [...(produced.get(id) ?? []), ...records]);
    await installation.kafka.produce(topic, records);
  };
  const caughtUp = ({ id, input_topic: topic }: PipelineBody) =>
    installation.kafka.caughtUp(installation.group(id), topic, () => api.get(id));

  /** Scrapes for as long as `meanwhile` takes, and hands out all that was seen. In none of it a record may be missing. */
  async function watching(meanwhile: () => Promise<void>): Promise<MetricsPage[]> {
    const pages: MetricsPage[] = [];
    const done = { isOver: false };
    const work = meanwhile().finally(() => (done.isOver = true));
    const looks = async () => {
      pages.push(await scrape());
      return done.isOver;
    };
    await Promise.all([work, waitUntil('what is watched is over', looks, { deadlineMs: 170_000 })]);
    expect(pages.flatMap((page) => page.imbalances())).toEqual([]);
    return pages;
  }

  /** What is counted of the pipeline, once all that was produced is final, is what can be counted from outside. */
  async function expectTruth(pipeline: PipelineBody): Promise<MetricsPage> {
    const records = produced.get(pipeline.id) ?? [];
    await caughtUp(pipeline);
    const count = (page: MetricsPage, name: string) => page.sum(`sdp_records_${name}`, { pipeline: pipeline.id });
    const page = await waitUntil('the thread has told what it counted', async () => {
      const now = await scrape();
      const read = count(now, 'in_total') - count(now, 'replayed_total');
      return read === records.length && count(now, 'in_flight') === 0 && now;
    });
    const { documents, forwarded, errors } = await actualOutcome(installation.search, pipeline);
    expect(page.imbalances()).toEqual([]);
    expect({
      forwarded: count(page, 'forwarded_total'),
      // Which of the two a record is that was sent twice depends on when its answer was lost.
      indexedOrSuperseded: count(page, 'indexed_total') + count(page, 'superseded_total'),
      skipped: count(page, 'skipped_total'),
      dropped: count(page, 'dropped_total'),
      rejected: page.rejections(pipeline.id),
    }).toEqual({
      forwarded: forwarded.flat().length,
      indexedOrSuperseded: records.filter(({ expected }) => expected.outcome === 'indexed').length,
      skipped: records.filter(({ expected }) => expected.outcome === 'skipped').length,
      dropped: 0,
      rejected: countsOf(errors.map(({ headers }) => `${headers['__error_stage']} ${headers['__error_code']}`)),
    });
    expect(documents.size).toBe(documentsOf(records));
    return page;
  }

  it('leave no record out in any scrape while records of every kind flow through two pipelines', async () => {
    const pages = await watching(async () => {
      await Promise.all([
        produce(plain, mixedRecords({ count: 20_000, partitions: 4 })),
        produce(versioned, mixedRecords({ count: 6000, partitions: 2 })),
      ]);
      await Promise.all([caughtUp(plain), caughtUp(versioned)]);
    });

    expect(pages.length).toBeGreaterThan(5);
    expect(Math.max(...pages.map((page) => page.sum('sdp_records_in_flight', { pipeline: 'plain' })))).toBeGreaterThan(
      0,
    );
  });

  it('are at rest what can be counted from outside', async () => {
    await expectTruth(versioned);
    const page = await expectTruth(plain);
    expect(page.sum('sdp_lag_records')).toBe(0);
    expect(page.sum('sdp_lag_seconds')).toBe(0);
    expect(page.sum('sdp_bytes_indexed_total')).toBeGreaterThan(page.sum('sdp_bytes_in_total'));
    expect(page.sum('sdp_bytes_indexed_total')).toBeLessThan(page.sum('sdp_bulk_bytes_sum'));
    expect(page.sum('sdp_record_age_seconds_count', { pipeline: 'plain' })).toBeGreaterThan(0);
    expect(page.sum('sdp_task_cpu_seconds_total', { pipeline: 'plain' })).toBeGreaterThan(0);
    expect(page.sum('sdp_dependency_up', { dependency: 'opensearch' })).toBe(1);
  });

  it('tell records apart whose document has a newer version already', async () => {
    const twice = (partition: number) =>
      Array.from({ length: 50 }, (_, n): InputRecord => {
        return { ...ownId(n, `twice-${n}`), partition, key: null, headers: {}, timestamp: Date.now() };
      });
    // The same ids stand at higher offsets of partition 0 first, then at lower ones of partition 1.
    await produce(versioned, jsonRecords({ count: 3000, partitions: 1 }));
    await produce(versioned, twice(0));
    const before = (await expectTruth(versioned)).sum('sdp_records_superseded_total', { pipeline: 'versioned' });

    await watching(async () => {
      await produce(versioned, twice(1));
      await caughtUp(versioned);
    });

    const page = await expectTruth(versioned);
    expect(page.sum('sdp_records_superseded_total', { pipeline: 'versioned' })).toBe(before + 50);
  });

  it('count what is given back apart: by a stop at its deadline, by a lost membership, by a thread that died', async () => {
    const count = 2000;
    const seen = async () => {
      const page = await scrape();
      const sum = (name: string) => page.sum(`sdp_records_${name}`, { pipeline: 'plain' });
      return { inFlight: sum('in_flight'), replayed: sum('replayed_total') };
    };
    const inFlight = (records: number) =>
      waitUntil(`${records} records are in flight`, async () => (await seen()).inFlight === records, {
        seen: async () => (await worker.metrics()).filter((line) => /^sdp_(records_(in|rep)|lag_records)/.test(line)),
      });
    /** All that is in flight is given back, and read again when the tasks run. Their start may move some once more. */
    const givesBack = async (how: () => Promise<void>) => {
      const { replayed: before } = await seen();
      await how();
      await waitUntil('it was given back', async () => (await seen()).replayed >= before + count, { seen });
      return (await seen()).replayed - before;
    };

    proxy.freeze();
    const pages = await watching(async () => {
      await produce(plain, jsonRecords({ count, partitions: 4 }));
      await inFlight(count);

      expect(await givesBack(() => api.setStatus('plain', 'close'))).toBe(count);
      await inFlight(0);
      await api.setStatus('plain', 'running');
      await inFlight(count);

      await givesBack(async () => {
        await threads.hold();
        await waitUntil('the group misses its members', () => installation.kafka.isIdle(installation.group('plain')));
        await threads.release();
      });
      await inFlight(count);

      await givesBack(async () => expect(await threads.exhaustHeaps(heapLimitMiB)).toBe(2));
      await inFlight(count);
    });
    proxy.thaw();

    expect(pages.some((page) => page.sum('sdp_dependency_up', { dependency: 'opensearch' }) === 0)).toBe(true);
    expect(pages.at(-1)?.sum('sdp_task_restarts_total', { pipeline: 'plain' })).toBe(2);
    await expectTruth(plain);
    await expectTruth(versioned);
  });
});

/** Records of one id are one document. */
function documentsOf(records: readonly InputRecord[]): number {
  const ids = records.flatMap(({ expected }, n) => (expected.outcome === 'indexed' ? (expected.ownId ?? `${n}`) : []));
  return new Set(ids).size;
}

function countsOf(kinds: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  kinds.forEach((kind) => (counts[kind] = (counts[kind] ?? 0) + 1));
  return counts;
}
