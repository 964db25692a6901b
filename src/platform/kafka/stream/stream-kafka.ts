/**
 * The entry point `flow-stream-data-pipeline/stream-kafka`: Kafka on both ends of a StreamApp.
 *
 * @module
 */
export type { KafkaHeader, KafkaMessage } from './kafka-message.js';
export type { Bytes, KafkaDelivery, KafkaOutput } from './kafka-output.js';
export type { KafkaStreamOptions } from './kafka-stream-options.js';
export { KafkaStream, type MessageContext } from './kafka-stream.js';
