import { secureKafkaOf, secureProperties } from './kafka-listeners.ts';

const site = {
  clusterName: 'sandbox-a',
  folder: '/clone/.sandbox/a/kafka',
  logsFolder: '/clone/.sandbox/a/logs',
  ports: { client: 1, controller: 2, sasl_ssl: 3, ssl: 4, sasl: 5 },
  distribution: '/cache/kafka',
  java: undefined,
  credentials: { username: 'sdp', password: 'secret', database: 'sdp' },
  signal: undefined,
};

describe('the secure listeners of the sandbox', () => {
  it('are on this machine only, each on a port of its own', () => {
    const { listeners, protocols } = secureProperties(site);
    expect(listeners).toEqual(['SASL_SSL://127.0.0.1:3', 'SSL://127.0.0.1:4', 'SASL_PLAINTEXT://127.0.0.1:5']);
    expect(protocols).toEqual(['SASL_SSL:SASL_SSL', 'SSL:SSL', 'SASL_PLAINTEXT:SASL_PLAINTEXT']);
  });

  it('are offered with what it takes to get in', () => {
    expect(secureKafkaOf(site)).toMatchObject({
      saslSslBrokers: 'localhost:3',
      sslBrokers: '127.0.0.1:4',
      saslBrokers: '127.0.0.1:5',
      username: 'sdp',
      password: 'secret',
      caFile: '/clone/.sandbox/a/kafka/tls/ca.pem',
    });
  });

  it('are not offered by a broker that was started before the sandbox had them', () => {
    expect(secureKafkaOf({ ...site, ports: { client: 1, controller: 2 } })).toBeUndefined();
  });
});
