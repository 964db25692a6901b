import { loadConfig } from './load-config.js';
import { secretValuesOf } from './secret-values.js';

describe('what a log leaves out', () => {
  it('is every secret that is set, and the parts and forms that libraries may quote', () => {
    const environment = {
      SDP_DATABASE_PASSWORD: 'database-secret',
      SDP_OPENSEARCH_USERNAME: 'me',
      SDP_OPENSEARCH_PASSWORD: 'search-secret',
      SDP_HANDLERS_SECRETS: 'pseudonyms=hash-secret',
      SDP_TRACING_HEADERS: 'authorization=Bearer token-secret, x-api-key=key-secret',
    };
    expect(secretValuesOf(loadConfig({ environment }))).toEqual([
      'database-secret',
      'search-secret',
      environment.SDP_HANDLERS_SECRETS,
      environment.SDP_TRACING_HEADERS,
      'Bearer token-secret',
      'key-secret',
      'token-secret',
      'hash-secret',
      Buffer.from('me:search-secret').toString('base64'),
    ]);
  });

  it('is nothing when there is no secret', () => {
    expect(secretValuesOf(loadConfig({ environment: {} }))).toEqual([]);
  });
});
