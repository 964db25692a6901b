import { seeded, telemetryLog } from '../pipeline/generate-records.ts';

export interface LoadResult {
  docsPerSec: number;
  /** What the index takes on disk, merged into one segment. */
  storeMiB: number;
}

export interface RoundResult extends LoadResult {
  name: string;
}

const BULK_DOCUMENTS = 5000;
/** As a task does (`server.maxInFlightBulks`). */
const IN_FLIGHT = 2;
const WRITE_TIME = 1_735_689_600_000;

/** The bodies of all bulk requests: telemetry logs with what annotation adds, the same in every run. */
export function bulkBodies(documents: number): string[] {
  const random = seeded(42);
  const bodies: string[] = [];
  for (let from = 0; from < documents; from += BULK_DOCUMENTS) {
    const size = Math.min(BULK_DOCUMENTS, documents - from);
    bodies.push(Array.from({ length: size }, (_, at) => lines(telemetryLog(random, from + at), from + at)).join(''));
  }
  return bodies;
}

/** Makes the index, writes everything, makes it searchable, and removes it; only the writing is measured. */
export async function loadIndex(
  node: string,
  index: string,
  definition: object,
  bodies: readonly string[],
): Promise<LoadResult> {
  await call(node, 'PUT', `/${index}`, JSON.stringify(definition));
  const startedMs = performance.now();
  const left = bodies.values();
  await Promise.all(Array.from({ length: IN_FLIGHT }, () => sendAll(node, index, left)));
  await call(node, 'POST', `/${index}/_refresh`);
  const seconds = (performance.now() - startedMs) / 1000;
  await call(node, 'POST', `/${index}/_forcemerge?max_num_segments=1`);
  // Only then the files of the segments before are gone.
  await call(node, 'POST', `/${index}/_flush?force=true`);
  const { _all: all } = (await call(node, 'GET', `/${index}/_stats/docs,store`)) as {
    _all: { primaries: { docs: { count: number }; store: { size_in_bytes: number } } };
  };
  await call(node, 'DELETE', `/${index}`);
  return {
    docsPerSec: Math.round(all.primaries.docs.count / seconds),
    storeMiB: Math.round(all.primaries.store.size_in_bytes / 1024 / 1024),
  };
}

function lines(record: string, number: number): string {
  const id = `bench[0]@${number}-${WRITE_TIME}`;
  const annotation =
    `"__pipeline_id":"bench","__index_base":"bench","__data_type":"otel","__category":"log",` +
    `"__write_time":${WRITE_TIME},"@timestamp":${WRITE_TIME + number},"__id":"${id}"`;
  const own = record.replace(/"@timestamp":"[^"]*",/, '');
  return `{"index":{"_id":"${id}"}}\n${own.slice(0, -1)},${annotation}}\n`;
}

async function sendAll(node: string, index: string, bodies: Iterator<string>): Promise<void> {
  for (let next = bodies.next(); !next.done; next = bodies.next()) {
    const { errors } = (await call(node, 'POST', `/${index}/_bulk?filter_path=errors`, next.value)) as {
      errors: boolean;
    };
    if (errors) {
      throw new Error(`OpenSearch refused documents of ${index}`);
    }
  }
}

async function call(node: string, method: string, path: string, body?: string): Promise<unknown> {
  const response = await fetch(node + path, {
    method,
    ...(body !== undefined && { body, headers: { 'content-type': 'application/x-ndjson' } }),
  });
  if (!response.ok) {
    throw new Error(
      `OpenSearch answered ${response.status} to ${method} ${path}: ${(await response.text()).slice(0, 300)}`,
    );
  }
  return response.json();
}
