import { setTimeout as delay } from 'node:timers/promises';
import { GroupOffsets } from '../../platform/kafka/wire/group-offsets.js';
import { toKafkaFault } from '../../platform/kafka/wire/kafka-fault.js';
import { KafkaWire } from '../../platform/kafka/wire/kafka-wire.js';
import type { CommitProducer, GroupMember } from '../../platform/kafka/wire/commit-producer.js';
import { IdempotentProducer } from '../../platform/kafka/wire/idempotent-producer.js';
import { TransactionalProducer } from '../../platform/kafka/wire/transactional-producer.js';
import { BulkTransport } from '../../platform/opensearch/bulk-transport.js';
import type { FinishedSpan } from '../../platform/tracing/finished-span.js';
import { BaseDirectory } from '../../document/base-directory.js';
import { DocumentBuilder } from '../../document/document-builder.js';
import { namesBases, pipelineChain } from '../../document/pipeline-chain.js';
import { BatchBuilder } from '../flow/batch/batch-builder.js';
import { backOffMs } from '../../domain/back-off.js';
import { BulkIndexer } from '../flow/bulk/bulk-indexer.js';
import { BulkSender } from '../flow/bulk/bulk-sender.js';
import { RecoveryProbe } from '../flow/bulk/recovery-probe.js';
import { CommitLoop } from '../flow/commit/commit-loop.js';
import { Committer } from '../flow/commit/committer.js';
import { OutgoingEncoder } from '../flow/commit/outgoing-encoder.js';
import { OutputTopics } from '../../platform/kafka/commit/output-topics.js';
import { ErrorRecordWriter } from '../flow/error-record-writer.js';
import { PipelineFlow } from '../flow/pipeline-flow.js';
import { PartitionSource } from '../../platform/kafka/source/partition-source.js';
import { FlowTracer } from '../flow/trace/flow-tracer.js';
import { endedByKafka, waitingForKafka } from '../flow/kafka-trouble.js';
import type { WaitingCause } from '../flow/waiting-cause.js';
import { FlowLog } from './flow-log.js';
import type { FlowPorts } from './flow-ports.js';
import type { TaskSettings } from './task-settings.js';
import { WaitingCauses } from './waiting-causes.js';

const UNKNOWN_BASE_FOR_MS = 30_000;
const MAX_FETCH_WAIT_MS = 500;
const MAX_PARTITION_FETCH_BYTES = 2 * 1024 * 1024;
/** Kafka's own default for the largest record batch; a larger record travels alone. */
const MAX_BATCH_BYTES = 900_000;
const MAX_GROUP_BYTES = 16 * 1024 * 1024;
const MAX_DECOMPRESSED_RECORDS = 4;
const MEMBERSHIP_POLL_MS = 100;

const COORDINATOR_SILENT: WaitingCause = {
  code: 'KAFKA_UNAVAILABLE',
  text: 'The group coordinator of Kafka does not answer, so writing is held back: check that the brokers run and are not overloaded',
};

/** One run of a task: every part made, wired and, at the end, closed. */
export class TaskFlow {
  private readonly wire: KafkaWire;
  private readonly producer: CommitProducer;
  private readonly transport: BulkTransport;
  private readonly causes: WaitingCauses;
  /** Undefined while tracing is off. */
  private readonly tracer: FlowTracer | undefined;
  private readonly log: FlowLog;
  readonly source: PartitionSource;
  readonly commits: CommitLoop;
  readonly indexer: BulkIndexer;
  readonly flow: PipelineFlow;

  constructor(
    private readonly settings: TaskSettings,
    private readonly ports: FlowPorts,
  ) {
    const { kafka } = settings;
    this.causes = new WaitingCauses((cause) => ports.onWaiting(cause));
    this.log = new FlowLog(ports.log, settings.desired.inputTopic);
    this.wire = new KafkaWire(kafka, 'commit');
    this.transport = new BulkTransport(settings.opensearch, settings.maxInFlightBulks);
    this.producer = this.makeProducer();
    this.tracer = this.makeTracer();
    const ended = new AbortController();
    this.source = this.makeSource();
    this.commits = this.makeCommits(ended.signal);
    this.indexer = this.makeIndexer();
    this.flow = this.makeFlow();
    this.flow.signal.addEventListener('abort', () => ended.abort(this.flow.signal.reason), { once: true });
  }

  /** Resolves after a stop has drained; rejects with what ended the run. Nothing is left open in either case. */
  async run(): Promise<void> {
    try {
      await this.initialiseProducer();
      await this.flow.run();
    } catch (error) {
      this.flow.fail(error);
      throw error;
    } finally {
      await this.close();
    }
  }

  /** Ends all connections; `run` does it itself. */
  async close(): Promise<void> {
    this.transport.close();
    await this.source.close();
    await this.wire.close().catch(() => undefined);
  }

  /** Fences the last holder of the task, and ends what it left open, before the first offset is read. */
  private async initialiseProducer(): Promise<void> {
    for (let failures = 1; ; failures++) {
      try {
        await this.producer.initialise();
        this.causes.set('producer', undefined);
        return;
      } catch (error) {
        const fault = toKafkaFault(error, 'initialising the transactional id');
        if (fault.kind !== 'transient') {
          throw endedByKafka(fault);
        }
        this.causes.set('producer', waitingForKafka(fault, this.brokers));
        await delay(100 + backOffMs(Math.min(failures, 4), 0), undefined, { signal: this.flow.stopSignal });
      }
    }
  }

  private makeProducer(): CommitProducer {
    const { desired, kafka, transactionTimeoutMs, delivery } = this.settings;
    const { requestTimeoutMs } = kafka;
    const { transactionalId, consumerGroup } = desired;
    switch (delivery) {
      case 'exactly_once':
        return new TransactionalProducer(this.wire, { transactionalId, transactionTimeoutMs, requestTimeoutMs });
      case 'at_least_once':
        return new IdempotentProducer(this.wire, new GroupOffsets(this.wire, consumerGroup), { requestTimeoutMs });
    }
  }

  private makeTracer(): FlowTracer | undefined {
    const { desired, tracing } = this.settings;
    const task = {
      pipelineId: desired.pipelineId,
      taskIndex: desired.index,
      inputTopic: desired.inputTopic,
      consumerGroup: desired.consumerGroup,
    };
    const emit = (spans: FinishedSpan[]) => this.ports.emitSpans(spans);
    return tracing && new FlowTracer(task, { sampleRatio: tracing.sampleRatio, emit, random: Math.random });
  }

  private get brokers(): string {
    return this.settings.kafka.brokers.join(', ');
  }

  private makeSource(): PartitionSource {
    const { settings } = this;
    const { desired } = settings;
    return new PartitionSource(
      settings.kafka,
      {
        groupId: desired.consumerGroup,
        topic: desired.inputTopic,
        autoOffsetReset: settings.autoOffsetReset,
        sessionTimeoutMs: settings.sessionTimeoutMs,
        rebalanceTimeoutMs: settings.rebalanceTimeoutMs,
        maxWaitMs: Math.min(MAX_FETCH_WAIT_MS, settings.flushIntervalMs),
        maxPartitionBytes: MAX_PARTITION_FETCH_BYTES,
      },
      {
        isSettled: () => this.flow.isSettled,
        onLost: (isLost) => this.flow.lose(isLost),
        onEvent: (event) => {
          if (event.kind === 'lost_to_retention') {
            this.ports.metrics.recordsLostToRetention += event.toOffset - event.fromOffset;
          }
          this.log.sourceEvent(event);
        },
      },
    );
  }

  private makeCommits(signal: AbortSignal): CommitLoop {
    const { desired } = this.settings;
    const topics = new OutputTopics(this.wire);
    const errors = new ErrorRecordWriter({
      pipelineId: desired.pipelineId,
      sourceTopic: desired.inputTopic,
      revision: desired.revision,
    });
    const committer = new Committer(
      this.producer,
      new GroupOffsets(this.wire, desired.consumerGroup),
      new OutgoingEncoder(desired.pipelineId, errors, {
        error: desired.errorTopic,
        partitionCount: (topic) => topics.partitionCount(topic),
      }),
      {
        brokers: this.brokers,
        member: () => this.member(),
        afterGeneration: ({ generationId, memberId }, until) =>
          this.source.afterGeneration(generationId, memberId, until),
        prepareTopics: (names) => topics.prepare(names),
        topicId: () => this.source.topicId,
        onWaiting: (cause) => this.causes.set('commit', cause),
        onTransaction: (seconds) => {
          this.ports.metrics.observeTransaction(seconds);
          this.log.transaction(seconds);
        },
        tracer: this.tracer,
      },
      {
        inputTopic: desired.inputTopic,
        errorTopic: desired.errorTopic,
        maxBatchBytes: MAX_BATCH_BYTES,
      },
    );
    const listener = {
      onCommitted: () => {
        this.ports.onProgress();
        this.flow.progressed();
      },
      onFailure: (error: unknown) => this.flow.fail(error),
    };
    return new CommitLoop(committer, this.ports.metrics, listener, { maxGroupBytes: MAX_GROUP_BYTES }, signal);
  }

  private makeIndexer(): BulkIndexer {
    const { settings, ports } = this;
    const sender = new BulkSender(
      {
        address: settings.opensearch.nodes.join(', '),
        post: (body) => this.transport.bulk(body),
        probe: new RecoveryProbe(this.transport),
        mayWrite: (signal) => this.mayWrite(signal),
        reviveBase: (base) => ports.reviveBase(base),
        onWaiting: (cause) => this.causes.set('bulk', cause),
        onBulk: (bulk) => {
          ports.metrics.observeBulk(bulk);
          this.log.bulk(bulk.seconds, bulk.retriedItems);
        },
        onAcknowledged: (bytes) => {
          ports.metrics.bytesIndexed += bytes;
        },
        tracer: this.tracer,
      },
      {
        failureThreshold: settings.failureThreshold,
        hasDocumentVersion: settings.desired.documentVersion === 'offset',
        indexBaseProvider: settings.indexBaseProvider,
      },
    );
    const listener = {
      onFinal: (batch: Parameters<CommitLoop['markFinal']>[0]) => {
        this.log.rejections(batch);
        this.commits.markFinal(batch);
      },
      onFailure: (error: unknown) => this.flow.fail(error),
    };
    return new BulkIndexer(sender, listener, { maxInFlight: settings.maxInFlightBulks });
  }

  private makeFlow(): PipelineFlow {
    const { settings } = this;
    const { desired } = settings;
    const bases = new BaseDirectory(
      settings.ownBase,
      (baseType) => this.findBase(baseType),
      { maxBases: settings.maxIndexBases, unknownForMs: UNKNOWN_BASE_FOR_MS },
      () => performance.now(),
    );
    const documents = new DocumentBuilder(pipelineChain(desired, settings), bases, {
      pipelineId: desired.pipelineId,
      namesBases: namesBases(desired),
      documentVersion: desired.documentVersion,
      tombstones: settings.tombstones,
      maxRecordBytes: settings.maxRecordBytes,
    });
    const builder = new BatchBuilder(documents, this.tracer);
    return new PipelineFlow(
      {
        source: this.source,
        builder,
        indexer: this.indexer,
        commits: this.commits,
        metrics: this.ports.metrics,
        brokers: this.brokers,
        onWaiting: (cause) => this.causes.set('read', cause),
      },
      {
        flushBytes: settings.flushBytes,
        flushItems: settings.flushItems,
        flushIntervalMs: settings.flushIntervalMs,
        maxBufferedBytes: settings.maxBufferedBytes,
        maxDecompressedBytes: MAX_DECOMPRESSED_RECORDS * settings.maxRecordBytes,
      },
    );
  }

  /** Waits while nobody can tell whether the base exists: a record is rejected only when it certainly does not. */
  private async findBase(baseType: string): Promise<Awaited<ReturnType<FlowPorts['findBase']>>> {
    for (let failures = 1; ; failures++) {
      try {
        const base = await this.ports.findBase(baseType);
        this.causes.set('index base', undefined);
        return base;
      } catch (error) {
        this.causes.set('index base', { code: 'INDEX_BASE_UNAVAILABLE', text: baseUnknown(baseType, error) });
        await delay(100 + backOffMs(Math.min(failures, 8), 0), undefined, { signal: this.flow.signal });
      }
    }
  }

  /**
   * A bulk is written only while the membership of the group is beyond doubt for as long as the request may take:
   * otherwise another member may own the partitions by the time OpenSearch executes it.
   */
  private async mayWrite(signal: AbortSignal): Promise<void> {
    const { sessionTimeoutMs, opensearch } = this.settings;
    const maxAgeMs = sessionTimeoutMs - opensearch.requestTimeoutMs;
    while (this.source.heartbeatAgeMs >= maxAgeMs) {
      this.causes.set('group', COORDINATOR_SILENT);
      await delay(MEMBERSHIP_POLL_MS, undefined, { signal });
    }
    this.causes.set('group', undefined);
  }

  private member(): GroupMember {
    const { member } = this.source;
    if (!member) {
      throw new Error('nothing can be committed before the first assignment');
    }
    return member;
  }
}

function baseUnknown(baseType: string, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `Whether the index base ${baseType} exists cannot be told now (${reason}): check who keeps the bases (indexBase.provider) and Kafka, which the worker asks`;
}
