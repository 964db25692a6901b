import { AppConfig } from './app-config.js';
import { brokersOf } from './brokers.js';
import { buildConfig } from './build-config.js';
import { ConfigError } from './config-error.js';
import { describeFault } from './config-fault.js';
import { environmentLayer } from './environment-layer.js';
import { parseSettings } from './settings-file.js';

function build(yaml: string, environment: Record<string, string> = {}): AppConfig {
  return buildConfig([parseSettings(yaml, 'site.yaml'), environmentLayer(environment)]).config;
}

function faultsOf(yaml: string, environment: Record<string, string> = {}): string[] {
  try {
    build(yaml, environment);
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.faults.map(describeFault);
    }
    throw error;
  }
  return [];
}

describe('configuration', () => {
  it('has the defaults of the schema when nothing is given', () => {
    expect(build('')).toEqual(new AppConfig());
  });

  it('lets the environment win over files, at any depth', () => {
    const config = build('server: { httpPort: 1111, flushItems: 7 }\nkafka: { names: { tenant: one } }', {
      SDP_SERVER_HTTPPORT: '2222',
      SDP_KAFKA_NAMES_TENANT: 'two',
      SDP_OPENSEARCH_NODES: 'http://a:9200, https://b:9200/search',
      SDP_DATABASE_MIGRATE: 'False',
      SDP_KAFKA_INPUTPARTITIONS: '-1',
      SDP_INDEXBASE_BASES:
        '[{"base_type":"cpu","data_type":"cpu","category":"metric"},{"base_type":"web","data_type":"web"}]',
    });
    expect(config.server).toMatchObject({ httpPort: 2222, flushItems: 7 });
    expect(config.kafka.names.tenant).toBe('two');
    expect(config.opensearch.nodes).toEqual(['http://a:9200', 'https://b:9200/search']);
    expect(config.database.migrate).toBe(false);
    expect(config.indexBase.bases).toEqual([
      { baseType: 'cpu', dataType: 'cpu', category: 'metric' },
      { baseType: 'web', dataType: 'web', category: 'log' },
    ]);
  });

  it('warns of steps at which the process would kill itself, and takes no others', () => {
    const { warnings } = buildConfig([environmentLayer({ SDP_DEBUG_FAILPOINTS: 'create.told, delete.marked:orders' })]);
    expect(warnings.map(describeFault)).toEqual([
      'debug.failPoints = ["create.told","delete.marked:orders"]: this process kills itself at these steps, for tests of crashes only; empty it (SDP_DEBUG_FAILPOINTS)',
    ]);
    expect(faultsOf('debug: { failPoints: [create.all] }')).toEqual([
      expect.stringContaining('debug.failPoints = ["create.all"]: must be a list of steps'),
    ]);
  });

  it('is frozen through and through', () => {
    const config = build('indexBase: { bases: [{ base_type: a, data_type: a }] }');
    expect(() => Object.assign(config.kafka.names, { tenant: 'x' })).toThrow(TypeError);
    expect(() => Object.assign(config.opensearch.nodes, ['http://x'])).toThrow(TypeError);
    expect(() => Object.assign(config.indexBase.bases[0] ?? {}, { category: 'x' })).toThrow(TypeError);
  });

  it('survives the way to a worker thread', () => {
    expect(structuredClone(build(''))).toEqual({ ...JSON.parse(JSON.stringify(new AppConfig())) });
  });

  it('takes an empty value or an empty group for not given', () => {
    expect(build('server:\nmq:\n  username:\n')).toEqual(new AppConfig());
  });

  it('lists all faults at once, each with path, value, rule and origin', () => {
    expect(
      faultsOf('server:\n  httpPort: 70000\n  htpPort: 1\nlog: { logLevel: loud }\n', {
        SDP_KAFKA_ADMINTIMEOUTMS: 'soon',
      }),
    ).toEqual([
      'server.htpPort: unknown setting, did you mean server.httpPort? (site.yaml line 3)',
      'server.httpPort = 70000: must be a whole number from 0 to 65535 (site.yaml line 2)',
      'kafka.adminTimeoutMs = "soon": must be a whole number from 500 to 120000 (SDP_KAFKA_ADMINTIMEOUTMS)',
      'log.logLevel = "loud": must be one of trace, debug, info, warn, error (site.yaml line 4)',
    ]);
  });

  it.each([
    ['a word for a number', 'server: { httpPort: "13012" }', 'server.httpPort = "13012": must be a whole number'],
    ['a fraction', 'server: { flushMiB: 1.5 }', 'server.flushMiB = 1.5: must be a whole number from 1 to 100'],
    ['a number below the range', 'kafka: { inputPartitions: 0 }', 'inputPartitions = 0: must be -1 or a whole number'],
    ['a word for a flag', 'metrics: { enabled: "yes" }', 'metrics.enabled = "yes": must be true or false'],
    ['a number for a text', 'database: { host: 5 }', 'database.host = 5: must be text'],
    ['an empty host', "database: { host: '' }", 'database.host = "": must be text of one line, 1 to 255'],
    ['a value for a group', 'kafka: 5', 'kafka: must be a group of settings'],
    ['a list for a group', 'kafka: [5]', 'kafka: must be a group of settings'],
    ['a group for a value', 'server: { httpPort: { a: 1 } }', 'server.httpPort = {"a":1}: must be a whole number'],
    ['a list as the whole', '- a', 'site.yaml line 1: must be a group of settings (key: value)'],
    ['an unknown group', 'serverr: { httpPort: 1 }', 'serverr: unknown setting, did you mean server?'],
    ['an unknown key deep down', 'kafka: { names: { ouput: x } }', 'did you mean kafka.names.output?'],
    ['a path as a key', 'server.httpPort: 1', 'server.httpPort: unknown setting'],
    ['a key of the language', 'constructor: { a: 1 }', 'constructor: unknown setting (site.yaml line 1)'],
    ['a proto key', '__proto__: { a: 1 }', '__proto__: unknown setting (site.yaml line 1)'],
    [
      'a mode that does not exist',
      'auth: { mode: ldap }',
      'auth.mode = "ldap": must be one of none, jwt, introspection',
    ],
    [
      'signed tokens without a key set',
      'auth: { mode: jwt }',
      'auth.jwt.jwksUrl = "": must be given with auth.mode jwt',
    ],
    [
      'tokens without a signature',
      'auth: { jwt: { algorithms: [none] } }',
      'auth.jwt.algorithms = ["none"]: must be a list of names among RS256',
    ],
    [
      'permissions of nobody in particular',
      'permission: { mode: remote, remote: { url: http://a } }',
      'permission.mode = "remote": must be none while auth.mode is none',
    ],
    ['no node', 'opensearch: { nodes: [] }', 'opensearch.nodes = []: must be a list of http(s) addresses'],
    ['one node as text', 'opensearch: { nodes: http://a }', 'opensearch.nodes = "http://a": must be a list'],
    ['a node of another kind', 'opensearch: { nodes: [ftp://a] }', 'must be a list of http(s) addresses'],
    ['a template without its placeholder', 'kafka: { names: { input: all } }', 'input = "all": must contain <id>'],
    [
      'a template with a foreign placeholder',
      'kafka: { names: { output: <id>.<index_base> } }',
      'must contain <index_base>',
    ],
    ['a name that Kafka refuses', 'kafka: { names: { group: "a b <id>" } }', 'must contain <id>'],
    ['a name that grows too long', `kafka: { names: { error: ${'x'.repeat(210)}<id> } }`, 'at most 249 characters'],
    ['a bad tenant', 'kafka: { names: { tenant: a.b } }', 'must be 1 to 64 letters, digits, _ or -'],
    ['a bad broker', 'mq: { mqHost: "a:1,b:99999" }', 'mq.mqHost = "a:1,b:99999": must be a host, or several'],
    ['an empty broker', 'mq: { mqHost: "a,,b" }', 'must be a host, or several'],
    [
      'a base without its type',
      'indexBase: { bases: [{ data_type: a }] }',
      'indexBase.bases[0].base_type: must be 1 to 100',
    ],
    [
      'a base with a bad type',
      'indexBase: { bases: [{ base_type: A, data_type: a }] }',
      'bases[0].base_type = "A": must be',
    ],
    [
      'an unknown key of a base',
      'indexBase: { bases: [{ base_typ: a }] }',
      'indexBase.bases[0].base_typ: unknown setting, did you mean base_type?',
    ],
    [
      'a word for a base',
      'indexBase: { bases: [nginx] }',
      'indexBase.bases = ["nginx"]: must be a list of index bases',
    ],
    ['no YAML', 'server: { httpPort: 1', 'is not YAML'],
    ['a key given twice', 'log: {}\nlog: {}', 'site.yaml line 2: is not YAML: Map keys must be unique'],
    ['an alias of nothing', 'server: *ports', 'site.yaml: is not YAML: Unresolved alias'],
  ])('refuses %s', (_what, yaml, expected) => {
    const faults = faultsOf(yaml);
    expect(faults.filter((fault) => fault.includes(expected))).not.toEqual([]);
  });

  it.each([
    ['server: { internalHttpPort: 13012 }', 'server.internalHttpPort = 13012: must differ from server.httpPort'],
    ['server: { maxRecordMiB: 241 }', 'server.maxRecordMiB = 241: 64 + 4 * server.maxRecordMiB must not exceed'],
    ['kafka: { requestTimeoutMs: 45000 }', 'kafka.requestTimeoutMs = 45000: must be less than kafka.sessionTimeoutMs'],
    ['kafka: { sessionTimeoutMs: 30000 }', 'opensearch.requestTimeoutMs = 30000: must be less than'],
    ['kafka: { maxPollIntervalMs: 44999 }', 'must not be less than kafka.sessionTimeoutMs'],
    [
      'kafka: { names: { error: <id>.a, input: <id>.a } }',
      'kafka.names.error = "<id>.a": must differ from kafka.names.input',
    ],
    ['kafka: { names: { control: a, status: a } }', 'kafka.names.status = "a": must differ from kafka.names.control'],
    ['mq: { username: me }', 'mq.password = ******: must be given, since mq.username is (site.yaml line 1)'],
    ['opensearch: { password: xyzzy }', 'opensearch.username = "": must be given, since opensearch.password is'],
    [
      'indexBase: { bases: [{ base_type: a, data_type: b }, { base_type: a, data_type: c }] }',
      'must name each base_type once',
    ],
  ])('refuses what does not fit together: %s', (yaml, expected) => {
    expect(faultsOf(yaml)).toEqual([expect.stringContaining(expected)]);
  });

  it('accepts the largest record that fits', () => {
    expect(build('server: { maxRecordMiB: 240 }').server.maxRecordMiB).toBe(240);
  });

  it('never shows a secret in a fault', () => {
    const faults = faultsOf(
      'mq: { username: me, password: [hunter2], pasword: hunter2 }\nopensearch: { nodes: ["http://me:hunter2@a"] }\ndatabase: { passwd: hunter2 }',
      { SDP_MQ_PASWORD: 'hunter2' },
    );
    expect(faults).toHaveLength(5);
    expect(faults.join('\n')).not.toContain('hunter2');
  });
});

describe('settings from the environment', () => {
  it('suggests the nearest setting for an unknown variable of a known section', () => {
    expect(faultsOf('', { SDP_SERVER_PORT: '1', SDP_KAFKA_NAME_TENANT: 'a' })).toEqual([
      expect.stringMatching(/^SDP_SERVER_PORT: unknown setting, did you mean SDP_SERVER_\w+\? \(environment\)$/),
      'SDP_KAFKA_NAME_TENANT: unknown setting, did you mean SDP_KAFKA_NAMES_TENANT? (environment)',
    ]);
  });

  it('notices a misspelled section', () => {
    expect(faultsOf('', { SDP_SEVER_HTTPPORT: '1' })).toEqual([
      'SDP_SEVER_HTTPPORT: unknown setting, did you mean SDP_SERVER_HTTPPORT? (environment)',
    ]);
  });

  it('leaves alone what belongs to other programs', () => {
    const others = {
      SDP_SANDBOX_NAME: 'a',
      SDP_CACHE_DIR: '/a',
      SDP_TEST_KEEP: '1',
      SDP_BENCH_RECORDS: '1',
      SDP_SOMETHING_ELSE: '1',
      SDP_WORKER_PORT: 'tcp://10.0.0.1:13012',
      SDP_WORKER_SERVICE_HOST: '10.0.0.1',
      SDP_WORKER_SERVICE_PORT_HTTP: '13012',
      SDP_WORKER_PORT_13012_TCP_ADDR: '10.0.0.1',
      PATH: '/bin',
    };
    expect(build('', others)).toEqual(new AppConfig());
  });

  it.each([
    [{ SDP_SERVER_HTTPPORT: '' }, 'server.httpPort = "": must be a whole number'],
    [{ SDP_SERVER_HTTPPORT: '0x10' }, 'server.httpPort = "0x10": must be a whole number'],
    [{ SDP_SERVER_HTTPPORT: '1e3' }, 'server.httpPort = "1e3": must be a whole number'],
    [{ SDP_METRICS_ENABLED: '1' }, 'metrics.enabled = "1": must be true or false'],
    [{ SDP_OPENSEARCH_NODES: '["http://a"' }, 'must be a list of http(s) addresses'],
    [{ SDP_INDEXBASE_BASES: 'nginx' }, 'must be a list of index bases'],
  ])('refuses %o', (environment, expected) => {
    expect(faultsOf('', environment as unknown as Record<string, string>)).toEqual([expect.stringContaining(expected)]);
  });
});

describe('broker addresses', () => {
  it('come from one host or from several, with and without a port', () => {
    expect(brokersOf({ mqHost: 'a', mqPort: 9097 })).toEqual(['a:9097']);
    expect(brokersOf({ mqHost: 'a:1, b ,[::1]:3', mqPort: 9097 })).toEqual(['a:1', 'b:9097', '[::1]:3']);
  });
});
