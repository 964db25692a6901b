import { environmentOf, formatEnvironment } from './environment.ts';

describe('environmentOf', () => {
  it('leads scripts and the program to every service', () => {
    const environment = environmentOf({
      folder: '/clone/.sandbox/a',
      kafkaBrokers: '127.0.0.1:20001',
      openSearchUrl: 'http://127.0.0.1:20002',
      databaseUrl: 'mysql://sdp:secret@127.0.0.1:20003/flow',
      kafkaLog: '/clone/.sandbox/a/logs/kafka.log',
      openSearchLog: '/clone/.sandbox/a/logs/a_server.json',
    });
    expect(environment).toEqual({
      KAFKA_BROKERS: '127.0.0.1:20001',
      OPENSEARCH_URL: 'http://127.0.0.1:20002',
      DATABASE_URL: 'mysql://sdp:secret@127.0.0.1:20003/flow',
      SANDBOX_DIR: '/clone/.sandbox/a',
      KAFKA_LOG: '/clone/.sandbox/a/logs/kafka.log',
      OPENSEARCH_LOG: '/clone/.sandbox/a/logs/a_server.json',
      SDP_MQ_MQHOST: '127.0.0.1',
      SDP_MQ_MQPORT: '20001',
      SDP_OPENSEARCH_NODES: 'http://127.0.0.1:20002',
      SDP_DATABASE_HOST: '127.0.0.1',
      SDP_DATABASE_PORT: '20003',
      SDP_DATABASE_USERNAME: 'sdp',
      SDP_DATABASE_PASSWORD: 'secret',
      SDP_DATABASE_DATABASE: 'flow',
    });
  });

  it('leads to the listeners that want TLS or a login, and leaves the program at the plain one', () => {
    const secureKafka = {
      saslSslBrokers: 'localhost:20005',
      sslBrokers: '127.0.0.1:20006',
      saslBrokers: '127.0.0.1:20007',
      username: 'sdp',
      password: 'secret',
      caFile: '/f/ca.pem',
      certFile: '/f/client.pem',
      keyFile: '/f/client.key',
    };
    expect(environmentOf({ folder: '/f', kafkaBrokers: '127.0.0.1:20001', secureKafka })).toEqual({
      KAFKA_BROKERS: '127.0.0.1:20001',
      SANDBOX_DIR: '/f',
      KAFKA_SASL_SSL_BROKERS: 'localhost:20005',
      KAFKA_SSL_BROKERS: '127.0.0.1:20006',
      KAFKA_SASL_BROKERS: '127.0.0.1:20007',
      KAFKA_USERNAME: 'sdp',
      KAFKA_PASSWORD: 'secret',
      KAFKA_CA_FILE: '/f/ca.pem',
      KAFKA_CERT_FILE: '/f/client.pem',
      KAFKA_KEY_FILE: '/f/client.key',
      SDP_MQ_MQHOST: '127.0.0.1',
      SDP_MQ_MQPORT: '20001',
    });
  });

  it('leaves out what the sandbox does not have', () => {
    expect(environmentOf({ folder: '/f', kafkaBrokers: 'broker:9092,other:9092' })).toEqual({
      KAFKA_BROKERS: 'broker:9092,other:9092',
      SANDBOX_DIR: '/f',
      SDP_MQ_MQHOST: 'broker:9092,other:9092',
      SDP_MQ_MQPORT: '9092',
    });
  });

  it('gives the program an OpenSearch address and its credentials apart', () => {
    expect(environmentOf({ folder: '/f', openSearchUrl: 'https://admin:p%40ss@search.example:9200' })).toMatchObject({
      OPENSEARCH_URL: 'https://admin:p%40ss@search.example:9200',
      SDP_OPENSEARCH_NODES: 'https://search.example:9200',
      SDP_OPENSEARCH_USERNAME: 'admin',
      SDP_OPENSEARCH_PASSWORD: 'p@ss',
    });
  });

  it('gives the program the database password as it is, not as an URL writes it', () => {
    const environment = environmentOf({ folder: '/f', databaseUrl: 'mysql://u%40x:p%3A%2F@db.example/shop' });
    expect(environment).toMatchObject({
      SDP_DATABASE_USERNAME: 'u@x',
      SDP_DATABASE_PASSWORD: 'p:/',
      SDP_DATABASE_PORT: '3306',
    });
  });

  it('names the setting that cannot be understood', () => {
    expect(() => environmentOf({ folder: '/f', kafkaBrokers: 'no port here:x' })).toThrow('SDP_SANDBOX_KAFKA_BROKERS');
  });
});

describe('formatEnvironment', () => {
  it('prints a line each, quoted for a shell only where needed', () => {
    expect(formatEnvironment({ A: 'http://h:1/x', B: '/my clone', C: "it's" })).toBe(
      "A=http://h:1/x\nB='/my clone'\nC='it'\\''s'\n",
    );
  });
});
