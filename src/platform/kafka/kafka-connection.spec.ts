import { AppConfig } from '../../config/app-config.js';
import { kafkaConnection } from './kafka-connection.js';

describe('the connection to Kafka', () => {
  const configOf = (mq: object) => {
    const config = new AppConfig();
    return { kafka: config.kafka, mq: { ...config.mq, ...mq } };
  };

  it('reaches each broker of the list, with the common port where none is named', () => {
    expect(kafkaConnection(configOf({ mqHost: 'a, b:9192', mqPort: 9092 })).brokers).toEqual(['a:9092', 'b:9192']);
  });

  it('authenticates when there is a user, and only then', () => {
    const sasl = { mechanism: 'scram-sha-512', username: 'u', password: 'p' };

    expect(kafkaConnection(configOf({ username: 'u', password: 'p', saslMechanism: 'scram-sha-512' })).sasl).toEqual(
      sasl,
    );
    expect(kafkaConnection(configOf({})).sasl).toBeUndefined();
  });

  it('is encrypted when that is switched on, whatever files there are, and only then', () => {
    const files = { caFile: '/ca', certFile: '', keyFile: '', keyPassphrase: '' };

    expect(kafkaConnection(configOf({ tls: { enabled: true, ...files } })).tls).toEqual(files);
    expect(kafkaConnection(configOf({ tls: { enabled: false, ...files } })).tls).toBeUndefined();
  });
});
