import { dirname } from 'node:path';
import { kafkaCertificates } from '../../sandbox/services/kafka-certificates.js';
import { requiredSetting } from './required-setting.js';

/** The listeners of the sandbox's Kafka beside its plain one, and what it takes to get in. */
export function secureKafka() {
  const caFile = requiredSetting('KAFKA_CA_FILE');
  return {
    /** All mechanisms over TLS; its brokers call themselves by name. */
    saslSsl: requiredSetting('KAFKA_SASL_SSL_BROKERS'),
    /** Client certificates; by address. */
    ssl: requiredSetting('KAFKA_SSL_BROKERS'),
    /** SCRAM-SHA-512 only, in plain text. */
    sasl: requiredSetting('KAFKA_SASL_BROKERS'),
    plain: requiredSetting('KAFKA_BROKERS'),
    username: requiredSetting('KAFKA_USERNAME'),
    password: requiredSetting('KAFKA_PASSWORD'),
    caFile,
    certFile: requiredSetting('KAFKA_CERT_FILE'),
    keyFile: requiredSetting('KAFKA_KEY_FILE'),
    /** Also those of an authority that the broker does not know. */
    certificates: kafkaCertificates({ folder: dirname(dirname(caFile)) }),
  };
}
