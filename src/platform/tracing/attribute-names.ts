/**
 * Names of OpenTelemetry's semantic conventions 1.45, and ours (`sdp.`). Written down here because task threads load no
 * module of OpenTelemetry, and because those of messaging are in no stable module of it.
 */
export const Attribute = {
  MessagingSystem: 'messaging.system',
  MessagingOperation: 'messaging.operation.name',
  MessagingOperationType: 'messaging.operation.type',
  MessagingDestination: 'messaging.destination.name',
  MessagingPartition: 'messaging.destination.partition.id',
  MessagingGroup: 'messaging.consumer.group.name',
  MessagingMessages: 'messaging.batch.message_count',
  KafkaOffset: 'messaging.kafka.offset',
  DatabaseSystem: 'db.system.name',
  DatabaseOperation: 'db.operation.name',
  DatabaseBatchSize: 'db.operation.batch.size',
  HttpStatus: 'http.response.status_code',
  HttpRoute: 'http.route',
  UrlFull: 'url.full',
  UrlQuery: 'url.query',
  ErrorType: 'error.type',
  PipelineId: 'sdp.pipeline.id',
  TaskIndex: 'sdp.task.index',
  Role: 'sdp.role',
  Outcome: 'sdp.record.outcome',
  RejectionCode: 'sdp.rejection.code',
  RejectionStage: 'sdp.rejection.stage',
  BulkBytes: 'sdp.bulk.bytes',
  BulkAttempt: 'sdp.bulk.attempt',
} as const;
