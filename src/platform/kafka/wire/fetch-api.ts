import {
  createAPI,
  fetchV13,
  fetchV14,
  fetchV15,
  fetchV16,
  fetchV17,
  type Connection,
  type Reader,
} from '@platformatic/kafka';
import { faultFromCode, KafkaFault, toKafkaFault } from './kafka-fault.js';
import type { KafkaWire } from './kafka-wire.js';
import type { AbortedTransaction } from './record-cursor.js';

export interface FetchRequestPartition {
  partition: number;
  fetchOffset: number;
  maxBytes: number;
}

export interface FetchRequest {
  maxWaitMs: number;
  maxBytes: number;
  topicId: string;
  partitions: FetchRequestPartition[];
}

/** One partition of an answer; `records` are the bytes as the broker stores them. */
export interface FetchedPartition {
  partition: number;
  errorCode: number;
  highWatermark: number;
  lastStableOffset: number;
  logStartOffset: number;
  aborted: AbortedTransaction[];
  records: Buffer;
}

const FETCH = 1;
const READ_COMMITTED = 1;
const NO_RECORDS = Buffer.alloc(0);

// Versions from 13 on name topics by id and share one answer; the client's own parser makes an object a record.
const requests = { 17: fetchV17, 16: fetchV16, 15: fetchV15, 14: fetchV14, 13: fetchV13 } as const;
type FetchVersion = keyof typeof requests;
type FetchArguments = Parameters<typeof fetchV17.createRequest>;

const apis = Object.fromEntries(
  Object.entries(requests).map(([version, { createRequest }]) => [
    version,
    createAPI<FetchArguments, FetchedPartition[]>(FETCH, Number(version), createRequest, parseFetchResponse),
  ]),
) as Record<FetchVersion, ReturnType<typeof createAPI<FetchArguments, FetchedPartition[]>>>;

/** The newest version that this program and the broker both speak. Brokers older than 3.1 speak none of them. */
export async function chooseFetchVersion(wire: Pick<KafkaWire, 'maxVersion'>): Promise<FetchVersion> {
  const maxOfBroker = await wire.maxVersion(FETCH);
  const version = ([17, 16, 15, 14, 13] as const).find((known) => known <= maxOfBroker);
  if (version === undefined) {
    throw new KafkaFault(
      'UNSUPPORTED_VERSION',
      'fatal',
      `The broker speaks Fetch ${maxOfBroker}; Kafka 3.1 or newer is needed`,
    );
  }
  return version;
}

/** Fetches committed records; an error of one partition is in its errorCode, an error of the whole request is thrown. */
export async function fetchRecords(
  connection: Connection,
  version: FetchVersion,
  request: FetchRequest,
): Promise<FetchedPartition[]> {
  const partitions = request.partitions.map((at) => ({
    partition: at.partition,
    currentLeaderEpoch: -1,
    fetchOffset: BigInt(at.fetchOffset),
    lastFetchedEpoch: -1,
    partitionMaxBytes: at.maxBytes,
  }));
  const topics = [{ topicId: request.topicId, partitions }];
  try {
    return await apis[version].async(
      connection,
      request.maxWaitMs,
      1,
      request.maxBytes,
      READ_COMMITTED,
      0,
      -1,
      topics,
      [],
      '',
    );
  } catch (error) {
    throw toKafkaFault(error, 'fetching records');
  }
}

function parseFetchResponse(
  _correlationId: number,
  _apiKey: number,
  _apiVersion: number,
  reader: Reader,
): FetchedPartition[] {
  reader.readInt32();
  const errorCode = reader.readInt16();
  reader.readInt32();
  if (errorCode !== 0) {
    throw faultFromCode(errorCode, 'fetching records');
  }
  const topics = reader.readArray((r) => {
    r.readUUID();
    return r.readArray(parsePartition);
  });
  return topics.flat();
}

function parsePartition(r: Reader): FetchedPartition {
  const partition: FetchedPartition = {
    partition: r.readInt32(),
    errorCode: r.readInt16(),
    highWatermark: Number(r.readInt64()),
    lastStableOffset: Number(r.readInt64()),
    logStartOffset: Number(r.readInt64()),
    aborted: r.readNullableArray((a) => ({ producerId: a.readInt64(), firstOffset: Number(a.readInt64()) })) ?? [],
    records: NO_RECORDS,
  };
  r.readInt32();
  // COMPACT_RECORDS: the length is stored plus one, zero is null.
  const size = r.readUnsignedVarInt() - 1;
  if (size > 0) {
    partition.records = r.buffer.slice(r.position, r.position + size);
    r.skip(size);
  }
  return partition;
}
