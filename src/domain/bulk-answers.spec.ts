import { outcomeOfItem, outcomeOfRequest } from './bulk-answers.js';

const item = (status: number, errorType = '', hasVersion = false) =>
  outcomeOfItem({ status, errorType, reason: '' }, hasVersion);

describe('what the answer for one item means', () => {
  it.each([200, 201])('%i: done', (status) => {
    expect(item(status)).toBe('done');
  });

  it.each([429, 500, 502, 503, 504])('%i: that item alone is sent again', (status) => {
    expect(item(status, 'some_exception')).toBe('retry');
  });

  it.each(['es_rejected_execution_exception', 'rejected_execution_exception', 'circuit_breaking_exception'])(
    '%s: sent again, whatever the status',
    (errorType) => {
      expect(item(400, errorType)).toBe('retry');
      expect(item(403, errorType)).toBe('retry');
    },
  );

  it('409 is a newer document with a document version, and a rejection without', () => {
    expect(item(409, 'version_conflict_engine_exception', true)).toBe('superseded');
    expect(item(409, 'version_conflict_engine_exception', false)).toBe('rejected');
  });

  it.each(['cluster_block_exception', 'index_create_block_exception'])('403 with %s: blocked', (errorType) => {
    expect(item(403, errorType)).toBe('blocked');
  });

  it('429 with the block of a full disk: blocked, not busy', () => {
    expect(item(429, 'cluster_block_exception')).toBe('blocked');
  });

  it.each([
    [401, 'security_exception'],
    [403, 'security_exception'],
    [403, ''],
  ])('%i %s: an operator has to act', (status, errorType) => {
    expect(item(status, errorType)).toBe('access_denied');
  });

  it('404: the alias is missing', () => {
    expect(item(404, 'index_not_found_exception')).toBe('alias_missing');
  });

  it.each([
    [400, 'mapper_parsing_exception'],
    [400, 'illegal_argument_exception'],
    [405, ''],
    [412, ''],
    [413, ''],
    [422, ''],
  ])('%i %s: rejected at once', (status, errorType) => {
    expect(item(status, errorType)).toBe('rejected');
  });
});

describe('what the answer of a request means', () => {
  it.each([
    [200, 'items'],
    [413, 'halve'],
    [400, 'bisect'],
    [401, 'access_denied'],
    [403, 'access_denied'],
    [0, 'resend'],
    [429, 'resend'],
    [500, 'resend'],
    [502, 'resend'],
    [503, 'resend'],
    [504, 'resend'],
    [302, 'resend'],
  ])('%i: %s', (status, outcome) => {
    expect(outcomeOfRequest(status)).toBe(outcome);
  });
});
