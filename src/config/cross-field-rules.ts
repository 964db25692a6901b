import type { AppConfig } from './app-config.js';
import { valueAt } from './settings.js';

/** Memory of one task when its pipeline asks for none (deployment_config.memory_limit of one task). */
const DEFAULT_TASK_MEMORY_MIB = 1024;
/** What a task needs besides its records, and how many times the largest record may be held at once. */
const TASK_BASE_MIB = 64;
const RECORD_COPIES = 4;

export interface CrossFieldRule {
  /** The settings it looks at; the first one is blamed. Not asked while one of them has a fault of its own. */
  paths: readonly [string, ...string[]];
  rule: string;
  isBroken: (config: AppConfig) => boolean;
}

export const CROSS_FIELD_RULES: readonly CrossFieldRule[] = [
  {
    paths: ['server.internalHttpPort', 'server.httpPort', 'server.bindAddress', 'server.internalBindAddress'],
    rule: 'must differ from server.httpPort: the internal API trusts its callers and needs a port of its own',
    isBroken: ({ server }) => server.internalHttpPort === server.httpPort && server.httpPort !== 0,
  },
  {
    paths: ['server.maxRecordMiB'],
    rule: `${TASK_BASE_MIB} + ${RECORD_COPIES} * server.maxRecordMiB must not exceed the memory of a task by default, ${DEFAULT_TASK_MEMORY_MIB} MiB`,
    isBroken: ({ server }) => TASK_BASE_MIB + RECORD_COPIES * server.maxRecordMiB > DEFAULT_TASK_MEMORY_MIB,
  },
  {
    paths: ['kafka.requestTimeoutMs', 'kafka.sessionTimeoutMs'],
    rule: 'must be less than kafka.sessionTimeoutMs: else one slow answer costs a worker its tasks',
    isBroken: ({ kafka }) => kafka.requestTimeoutMs >= kafka.sessionTimeoutMs,
  },
  {
    paths: ['kafka.maxPollIntervalMs', 'kafka.sessionTimeoutMs'],
    rule: 'must not be less than kafka.sessionTimeoutMs',
    isBroken: ({ kafka }) => kafka.maxPollIntervalMs < kafka.sessionTimeoutMs,
  },
  {
    paths: ['opensearch.requestTimeoutMs', 'kafka.sessionTimeoutMs'],
    rule: 'must be less than kafka.sessionTimeoutMs: else a batch may outlive the right to commit it',
    isBroken: ({ opensearch, kafka }) => opensearch.requestTimeoutMs >= kafka.sessionTimeoutMs,
  },
  {
    paths: ['kafka.names.error', 'kafka.names.input'],
    rule: 'must differ from kafka.names.input: else rejected records come back as input',
    isBroken: ({ kafka }) => kafka.names.error === kafka.names.input,
  },
  {
    paths: ['kafka.names.status', 'kafka.names.control'],
    rule: 'must differ from kafka.names.control',
    isBroken: ({ kafka }) => kafka.names.status === kafka.names.control,
  },
  ...together('mq.username', 'mq.password'),
  ...together('opensearch.username', 'opensearch.password'),
  ...needed('auth.mode', 'jwt', ['auth.jwt.jwksUrl', 'auth.jwt.issuer', 'auth.jwt.audience']),
  ...needed('auth.mode', 'introspection', ['auth.introspection.url']),
  ...needed('permission.mode', 'remote', ['permission.remote.url']),
  {
    paths: ['permission.administrators', 'permission.mode'],
    rule: 'must name at least one account or role with permission.mode local: else nobody could give the first rights',
    isBroken: ({ permission }) => permission.mode === 'local' && permission.administrators.length === 0,
  },
  {
    paths: ['permission.mode', 'auth.mode'],
    rule: 'must be none while auth.mode is none: everyone would be the same account',
    isBroken: ({ permission, auth }) => permission.mode !== 'none' && auth.mode === 'none',
  },
  ...together('mq.tls.certFile', 'mq.tls.keyFile'),
  ...together('opensearch.tls.certFile', 'opensearch.tls.keyFile'),
  ...together('database.tls.certFile', 'database.tls.keyFile'),
  ...together('indexBase.tls.certFile', 'indexBase.tls.keyFile'),
  ...needed('indexBase.provider', 'http', ['indexBase.url']),
  {
    paths: ['indexBase.bases'],
    rule: 'must name each base_type once',
    isBroken: ({ indexBase }) => new Set(indexBase.bases.map((base) => base.baseType)).size < indexBase.bases.length,
  },
];

/** Two texts of which each means nothing without the other. */
function together(first: string, second: string): CrossFieldRule[] {
  return [
    [second, first],
    [first, second],
  ].map(([missing = '', given = '']) => ({
    paths: [missing, given],
    rule: `must be given, since ${given} is`,
    isBroken: (config) => valueAt(config, given) !== '' && valueAt(config, missing) === '',
  }));
}

/** Texts that a mode cannot do without. */
function needed(modePath: string, mode: string, paths: readonly string[]): CrossFieldRule[] {
  return paths.map((path) => ({
    paths: [path, modePath],
    rule: `must be given with ${modePath} ${mode}`,
    isBroken: (config) => valueAt(config, modePath) === mode && valueAt(config, path) === '',
  }));
}
