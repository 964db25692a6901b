import { createAPI, produceV10, produceV11, produceV9, Writer, type Connection } from '@platformatic/kafka';
import { toKafkaFault } from './kafka-fault.js';
import type { KafkaWire } from './kafka-wire.js';

/** One finished record batch for one partition; a request holds at most one for each partition. */
export interface PartitionBatch {
  topic: string;
  partition: number;
  batch: Buffer;
}

export interface ProducedPartition {
  topic: string;
  partition: number;
  errorCode: number;
  errorMessage: string | null;
}

type ProduceResponse = produceV11.ProduceResponse;
type ProduceArguments = [transactionalId: string | null, timeoutMs: number, batches: PartitionBatch[]];
const PRODUCE = 0;
const ALL_REPLICAS = -1;

// The request has one form in these versions. Errors are read from the answer, not thrown: a refusal is of one partition.
const versions = { 11: produceV11, 10: produceV10, 9: produceV9 } as const;
type ProduceVersion = keyof typeof versions;

const apis = Object.fromEntries(
  Object.entries(versions).map(([version, { parseResponse }]) => [
    version,
    createAPI<ProduceArguments, ProduceResponse>(PRODUCE, Number(version), createProduceRequest, (...args) => {
      try {
        return parseResponse(...args);
      } catch (error) {
        const { response } = error as { response?: ProduceResponse };
        if (response) {
          return response;
        }
        throw error;
      }
    }),
  ]),
) as Record<ProduceVersion, ReturnType<typeof createAPI<ProduceArguments, ProduceResponse>>>;

/** The newest version that this program and the broker both speak; 9 is that of Kafka 2.7. */
export async function chooseProduceVersion(wire: Pick<KafkaWire, 'maxVersion'>): Promise<ProduceVersion> {
  const maxOfBroker = await wire.maxVersion(PRODUCE);
  return ([11, 10] as const).find((known) => known <= maxOfBroker) ?? 9;
}

/** Writes batches and waits for all replicas. What the broker says of each partition is returned, not thrown. */
export async function produceBatches(
  connection: Connection,
  version: ProduceVersion,
  ...request: ProduceArguments
): Promise<ProducedPartition[]> {
  try {
    const answer = await apis[version].async(connection, ...request);
    return answer.responses.flatMap((topic) =>
      topic.partitionResponses.map((partition) => ({
        topic: topic.name,
        partition: partition.index,
        errorCode: partition.errorCode,
        errorMessage: partition.recordErrors?.[0]?.batchIndexErrorMessage ?? partition.errorMessage ?? null,
      })),
    );
  } catch (error) {
    throw toKafkaFault(error, 'producing records');
  }
}

function createProduceRequest(transactionalId: string | null, timeoutMs: number, batches: PartitionBatch[]): Writer {
  const topics = [...Map.groupBy(batches, (batch) => batch.topic)];
  return Writer.create()
    .appendString(transactionalId)
    .appendInt16(ALL_REPLICAS)
    .appendInt32(timeoutMs)
    .appendArray(topics, (w, [topic, partitions]) => {
      w.appendString(topic).appendArray(partitions, (p, { partition, batch }) => {
        p.appendInt32(partition)
          .appendUnsignedVarInt(batch.length + 1)
          .append(batch);
      });
    })
    .appendTaggedFields();
}
