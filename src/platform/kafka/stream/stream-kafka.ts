/**
 * The entry point `flow-stream-data-pipeline/stream-kafka`: Kafka on both ends of a StreamApp.
 *
 * @module
 */
export type { KafkaErrorSink } from './kafka-error-sink.js';
export type { KafkaHeader, KafkaMessage } from './kafka-message.js';
export type { KafkaOutput } from './kafka-output.js';
export type { KafkaDelivery, KafkaSink } from './kafka-sink.js';
export type { KafkaSource } from './kafka-source.js';
export type { KafkaStreamOptions } from './kafka-stream-options.js';
export { KafkaStream, type MessageContext } from './kafka-stream.js';
