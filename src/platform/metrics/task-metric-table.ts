/** What is shown of each task, with the labels pipeline and task: the key in a delta, the name and what it means. */
interface ShownMetric {
  name: string;
  help: string;
}

export const TASK_COUNTERS = {
  recordsIn: { name: 'sdp_records_in_total', help: 'Records read from the input topic, again after a replay.' },
  recordsReplayed: {
    name: 'sdp_records_replayed_total',
    help: 'Records read and given back before they were final: they are read again, here or elsewhere.',
  },
  recordsIndexed: {
    name: 'sdp_records_indexed_total',
    help: 'Records that OpenSearch has acknowledged, once they are committed.',
  },
  recordsForwarded: {
    name: 'sdp_records_forwarded_total',
    help: 'Records written to an output topic: indexed and superseded ones.',
  },
  recordsSkipped: { name: 'sdp_records_skipped_total', help: 'Records without a value that were skipped.' },
  recordsDropped: { name: 'sdp_records_dropped_total', help: 'Records that a handler has dropped.' },
  recordsSuperseded: {
    name: 'sdp_records_superseded_total',
    help: 'Records whose document already had a newer version.',
  },
  recordsLostToRetention: {
    name: 'sdp_records_lost_to_retention_total',
    help: 'Records that the retention of the input topic deleted before they were read.',
  },
  bytesIn: { name: 'sdp_bytes_in_total', help: 'Bytes of the records read from the input topic.' },
  bytesIndexed: {
    name: 'sdp_bytes_indexed_total',
    help: 'Bytes of action and document lines in bulk requests that OpenSearch has acknowledged.',
  },
  bulkRetries: {
    name: 'sdp_bulk_retries_total',
    help: 'Documents that were sent to OpenSearch once more because an attempt before was not final.',
  },
  cpuSeconds: {
    name: 'sdp_task_cpu_seconds_total',
    help: 'CPU seconds of the thread, shared out to its tasks by the bytes that each read.',
  },
} as const satisfies Record<string, ShownMetric>;

export const TASK_GAUGES = {
  recordsInFlight: { name: 'sdp_records_in_flight', help: 'Records read and neither final nor given back.' },
  bulksInFlight: { name: 'sdp_bulks_in_flight', help: 'Batches on their way to OpenSearch.' },
  bufferBytes: { name: 'sdp_buffer_bytes', help: 'Bytes of the records held in memory.' },
  memoryBytes: {
    name: 'sdp_task_memory_bytes',
    help: 'Bytes of an equal share of the JavaScript heap of the thread, and of the records held.',
  },
} as const satisfies Record<string, ShownMetric>;

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const MINUTES_TO_DAYS_SEC = [300, 1800, 3600, 21_600, 86_400, 604_800];
const KIB = 1024;

/** Buckets are upper bounds, ascending. */
export const TASK_HISTOGRAMS = {
  bulkSeconds: {
    name: 'sdp_bulk_duration_seconds',
    help: 'Seconds that a bulk request took, however it ended.',
    buckets: SECONDS,
  },
  bulkRecords: {
    name: 'sdp_bulk_records',
    help: 'Documents in a bulk request.',
    buckets: [1, 10, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 100_000],
  },
  bulkBytes: {
    name: 'sdp_bulk_bytes',
    help: 'Bytes of the body of a bulk request, before compression.',
    buckets: [1, 16, 64, 256, 512, 1024, 2048, 4096, 5120, 8192, 16_384, 32_768].map((kib) => kib * KIB),
  },
  transactionSeconds: {
    name: 'sdp_transaction_duration_seconds',
    help: 'Seconds that a committed Kafka transaction took.',
    buckets: SECONDS,
  },
  recordAgeSeconds: {
    name: 'sdp_record_age_seconds',
    help: 'Seconds between the timestamp of the oldest record of a batch and the moment when all of the batch was final.',
    buckets: [...SECONDS.slice(4), ...MINUTES_TO_DAYS_SEC],
  },
} as const satisfies Record<string, ShownMetric & { buckets: number[] }>;

export type TaskCounter = keyof typeof TASK_COUNTERS;
export type TaskGauge = keyof typeof TASK_GAUGES;
export type TaskHistogram = keyof typeof TASK_HISTOGRAMS;
