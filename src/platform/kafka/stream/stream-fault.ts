import { CodedError } from '../../../domain/coded-error.js';
import { toError } from '../../../stream/outcome.js';
import { KafkaFault } from '../wire/kafka-fault.js';

/** What texts about connections call by the settings of the program, by the options of a stream. */
const OPTION_NAMES: readonly (readonly [setting: RegExp, option: string])[] = [
  [/\bmq\.tls\.enabled\b/g, 'tls'],
  [/\bmq\.tls\b/g, 'tls'],
  [/\bmq\.username\b/g, 'sasl.username'],
  [/\bmq\.password\b/g, 'sasl.password'],
  [/\bmq\.saslMechanism\b/g, 'sasl.mechanism'],
  [/\bmq\.mqHost\b/g, 'brokers'],
  [/\bserver\.maxRecordMiB\b/g, 'maxBatchBytes'],
];

/** A fault of Kafka that ends a stream, in the words of its user; any other error stays itself. */
export function inOptionNames(error: unknown): Error {
  if (!(error instanceof KafkaFault)) {
    return toError(error);
  }
  const text = OPTION_NAMES.reduce((told, [setting, option]) => told.replace(setting, option), error.message);
  return new CodedError(error.code, `${text} (${error.kind})`, { cause: error, retryable: error.retryable });
}
