import type { FlowBatch } from '../../src/worker/flow/batch/flow-batch.js';
import type { CommitProducer } from '../../src/platform/kafka/wire/commit-producer.js';
import { Committer } from '../../src/worker/flow/commit/committer.js';
import { OutgoingEncoder } from '../../src/worker/flow/commit/outgoing-encoder.js';
import { ErrorRecordWriter } from '../../src/worker/flow/error-record-writer.js';
import type { FlowTracer } from '../../src/worker/flow/trace/flow-tracer.js';
import { PIPELINE_ID } from './flow-batches.js';
import { ScriptedKafka } from './scripted-kafka.js';

export const INPUT_TOPIC = 'default.sdp.p1.input';
export const ERROR_TOPIC = 'default.sdp.p1.error';
export const OUTPUT_TOPIC = 'default.mdl.process.web';

export interface CommitPath {
  committer: Committer;
  kafka: ScriptedKafka;
  causes: string[];
  prepared: string[][];
  /** Settles another generation of the group, in which these partitions are lost. */
  rebalance: (isLost: (partition: number) => boolean) => void;
  commit: (group: FlowBatch[]) => Promise<void>;
  /** Runs before each look at the topics; may throw. */
  onPrepare: { call: () => void };
  aborter: AbortController;
}

export interface CommitPathOptions {
  tracer?: FlowTracer;
  maxBatchBytes?: number;
  /** Instead of the scripted producer. */
  producerOf?: (kafka: ScriptedKafka) => CommitProducer;
}

/** The real committer on a Kafka by script. */
export function commitPath(outputPartitions = 8, options: CommitPathOptions = {}): CommitPath {
  const { tracer, maxBatchBytes = 900_000, producerOf } = options;
  const kafka = new ScriptedKafka();
  const causes: string[] = [];
  const prepared: string[][] = [];
  const onPrepare = { call: () => undefined as void };
  const settled: (() => void)[] = [];
  const committing: FlowBatch[] = [];
  const aborter = new AbortController();
  const errors = new ErrorRecordWriter({ pipelineId: PIPELINE_ID, sourceTopic: INPUT_TOPIC, revision: 7 });
  const partitionCount = (topic: string) => (topic === OUTPUT_TOPIC ? outputPartitions : 1);
  const committer = new Committer(
    producerOf?.(kafka) ?? kafka.producer,
    kafka.groupOffsets,
    new OutgoingEncoder(PIPELINE_ID, errors, { error: ERROR_TOPIC, partitionCount }),
    {
      brokers: 'broker:9092',
      member: () => kafka.member,
      afterGeneration: (member) =>
        member.generationId === kafka.member.generationId
          ? new Promise((resolve) => settled.push(resolve))
          : Promise.resolve(),
      prepareTopics: (topics) => {
        prepared.push([...topics]);
        return new Promise((resolve) => resolve(onPrepare.call()));
      },
      topicId: () => 'topic-id',
      onWaiting: (cause) => causes.push(cause?.text ?? ''),
      onTransaction: () => undefined,
      tracer,
    },
    { inputTopic: INPUT_TOPIC, errorTopic: ERROR_TOPIC, maxBatchBytes },
  );
  return {
    committer,
    kafka,
    causes,
    prepared,
    onPrepare,
    aborter,
    rebalance: (isLost) => {
      kafka.member = { ...kafka.member, generationId: kafka.member.generationId + 1 };
      committing.forEach((batch) => batch.lose(isLost));
      settled.splice(0).forEach((resolve) => resolve());
    },
    commit: (group) => {
      committing.push(...group);
      return committer.commit(group, aborter.signal);
    },
  };
}
