import { Admin, Connection, fetchV17 } from '@platformatic/kafka';
import { kafkaBrokers } from './environment.js';
import { waitUntil } from './wait-until.js';

/** A record as a consumer that reads only committed records gets it. */
export interface CommittedRecord {
  partition: number;
  offset: number;
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, string>;
}

const readCommitted = 1;
const transactional = 0b1_0000;
const control = 0b10_0000;
const fetchBytes = 8 * 1024 * 1024;
const timeoutMs = 10_000;

type Fetched = Awaited<ReturnType<typeof fetchV17.api.async>>['responses'][number]['partitions'][number];
type Batch = NonNullable<Fetched['records']>[number];

/**
 * Everything that is committed in the topic, by partition and offset. Waits until no transaction is open in it, so that
 * nothing which is still on its way is overlooked.
 */
export async function readCommittedRecords(topic: string): Promise<CommittedRecord[]> {
  const admin = new Admin({ clientId: 'e2e-reader', bootstrapBrokers: kafkaBrokers(), timeout: timeoutMs });
  const connections = new Map<number, Connection>();
  try {
    const { topics, brokers } = await admin.metadata({ topics: [topic], forceUpdate: true });
    const { id, partitions } = topics.get(topic) ?? { id: '', partitions: [] };
    const found: CommittedRecord[] = [];
    for (const [partition, { leader }] of Object.entries(partitions)) {
      const { host = '', port = 0 } = brokers.get(leader) ?? {};
      const connection = connections.get(leader) ?? new Connection('e2e-reader', { connectTimeout: timeoutMs });
      if (!connections.has(leader)) {
        connections.set(leader, connection);
        await connection.connect(host, port);
      }
      found.push(...(await readPartition(connection, id, Number(partition), topic)));
    }
    return found;
  } finally {
    await Promise.all([...connections.values()].map((connection) => connection.close()));
    await admin.close();
  }
}

async function readPartition(
  connection: Connection,
  topicId: string,
  partition: number,
  topic: string,
): Promise<CommittedRecord[]> {
  const found: CommittedRecord[] = [];
  let nextOffset = 0n;
  await waitUntil(`${topic}[${partition}] is read to its end, without an open transaction`, async () => {
    const fetched = await fetchOnce(connection, topicId, partition, nextOffset);
    const batches = fetched.records ?? [];
    found.push(...committedOf(fetched, nextOffset).map((record) => ({ ...record, partition })));
    const last = batches.at(-1);
    nextOffset = last === undefined ? nextOffset : last.firstOffset + BigInt(last.lastOffsetDelta) + 1n;
    // At the high watermark nothing is left, and the last stable offset has come as far: no transaction is open.
    return nextOffset >= fetched.highWatermark;
  });
  return found;
}

async function fetchOnce(
  connection: Connection,
  topicId: string,
  partition: number,
  fetchOffset: bigint,
): Promise<Fetched> {
  const wanted = {
    partition,
    currentLeaderEpoch: -1,
    fetchOffset,
    lastFetchedEpoch: -1,
    partitionMaxBytes: fetchBytes,
  };
  const topics = [{ topicId, partitions: [wanted] }];
  const { responses } = await fetchV17.api.async(connection, 100, 1, fetchBytes, readCommitted, 0, -1, topics, [], '');
  const [fetched] = responses[0]?.partitions ?? [];
  if (fetched === undefined) {
    throw new Error(`no answer for partition ${partition}`);
  }
  return fetched;
}

/** Without control records and without those of aborted transactions, found as the Java consumer finds them. */
function committedOf(fetched: Fetched, fetchOffset: bigint): Omit<CommittedRecord, 'partition'>[] {
  const starts = [...(fetched.abortedTransactions ?? [])].sort((a, b) => Number(a.firstOffset - b.firstOffset));
  const abortedProducers = new Set<bigint>();
  return (fetched.records ?? []).flatMap((batch) => {
    while (starts[0] !== undefined && starts[0].firstOffset <= batch.firstOffset + BigInt(batch.lastOffsetDelta)) {
      abortedProducers.add(starts.shift()?.producerId ?? -1n);
    }
    if (batch.attributes & control) {
      abortedProducers.delete(batch.producerId);
      return [];
    }
    const isAborted = (batch.attributes & transactional) !== 0 && abortedProducers.has(batch.producerId);
    return isAborted ? [] : recordsOf(batch).filter(({ offset }) => offset >= fetchOffset);
  });
}

function recordsOf(batch: Batch): Omit<CommittedRecord, 'partition'>[] {
  return batch.records.map(({ offsetDelta, timestampDelta, key, value, headers }) => ({
    offset: Number(batch.firstOffset) + offsetDelta,
    timestamp: Number(batch.firstTimestamp + timestampDelta),
    key,
    value,
    headers: Object.fromEntries(headers.map(([name, text]) => [String(name), String(text)])),
  }));
}
