import { creating, getting, PIPELINES, POLICIES, previewing, type Provocation } from './provocation.js';

const AUTHORIZED = { authorization: 'Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6ImtleS0xIn0.e30.c2lnbmF0dXJl' };

/** A dependency answers something that it should not. */
export const internalError: readonly Provocation[] = [
  {
    code: 'InternalError.Database',
    when: 'a table is gone',
    at: 'damaged',
    request: getting(POLICIES),
    reason: 'The database answered ER_NO_SUCH_TABLE',
  },
  {
    code: 'InternalError.Kafka',
    when: 'Kafka has fewer brokers than there shall be copies',
    at: 'topicRefused',
    request: creating({ id: 'refused' }),
    reason: /^Kafka refused while creating topic .*INVALID_REPLICATION_FACTOR/,
  },
  {
    code: 'InternalError.IndexBase',
    when: 'an index has the name of the alias',
    request: ({ tenant }) => creating({ index_base: `${tenant}-occupied` }),
    reason: /-occupied/,
  },
  {
    code: 'InternalError.Permission',
    when: 'the permission service answers no JSON',
    at: 'permissionNonsense',
    isInternal: true,
    request: getting(`${PIPELINES}/any`),
    reason: /JSON/,
  },
  {
    code: 'InternalError.Unexpected',
    when: 'a row holds what the service never wrote',
    at: 'damaged',
    request: getting(`${PIPELINES}/torn`),
  },
];

/** A dependency does not answer. */
export const serviceUnavailable: readonly Provocation[] = [
  {
    code: 'ServiceUnavailable.Database',
    when: 'the database is away',
    at: 'databaseAway',
    request: getting(PIPELINES),
    reason: /^The database cannot be used now: /,
  },
  {
    code: 'ServiceUnavailable.Kafka',
    when: 'Kafka is away',
    at: 'kafkaAway',
    request: creating({ id: 'late' }),
    reason: /Kafka.* while .*ECONNREFUSED/,
  },
  {
    code: 'ServiceUnavailable.IndexBase',
    when: 'OpenSearch is away',
    at: 'searchAway',
    request: creating({ id: 'late', index_base: 'late' }),
    reason: /./,
  },
  {
    code: 'ServiceUnavailable.Authentication',
    when: 'the key set of the issuer cannot be had',
    at: 'issuerAway',
    request: { ...getting(PIPELINES), headers: AUTHORIZED },
    reason: 'the key set of the issuer cannot be read',
  },
  {
    code: 'ServiceUnavailable.Permission',
    when: 'the permission service does not answer',
    at: 'permissionSilent',
    isInternal: true,
    request: getting(`${PIPELINES}/any`),
    reason: 'the permission service does not answer',
  },
  {
    code: 'ServiceUnavailable.Preview',
    when: 'the service is about to end',
    at: 'ending',
    request: previewing({ id: 'only', records: [{ value: '{}' }] }),
    reason: 'the service is ending',
  },
  {
    code: 'ServiceUnavailable.CreateUndo',
    when: 'an earlier create of the id is being undone',
    request: creating({ id: 'undone', name: 'Undone' }),
    reason: 'a create of undone or "Undone" is being undone',
  },
];
