import { connectionFault, strangerFault } from './connection-fault.js';

const secure = new URL('https://search-1:9200/path');
const plain = new URL('http://search-1:9200');
const error = (code: string, message: string) => Object.assign(new Error(message), { code });

describe('a fault on the way to OpenSearch', () => {
  it.each([
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unable to get local issuer certificate', 'opensearch.tls.caFile'],
    ['CERT_NOT_YET_VALID', 'certificate is not yet valid', 'compare the clocks'],
    [
      'EPROTO',
      'write EPROTO 40:error:0A000412:SSL routines:ssl3_read_bytes:ssl/tls alert bad certificate:../deps:1',
      'alert bad certificate',
    ],
    [
      'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
      '40:error:0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:../deps:1',
      'opensearch.tls.certFile',
    ],
    ['ECONNRESET', 'socket hang up', 'opensearch.tls.certFile'],
  ])('of TLS names the node and the setting: %s', (code, message, told) => {
    const text = connectionFault(error(code, message), secure);
    expect(text).toMatch(/^https:\/\/search-1:9200[: ]/);
    expect(text).toContain(told);
    expect(text).not.toMatch(/deps|SSL routines/);
  });

  it.each([
    ['HPE_INVALID_CONSTANT', 'Parse Error: Expected HTTP/, RTSP/ or ICE/', 'write https:// in opensearch.nodes'],
    ['ENOTFOUND', 'getaddrinfo ENOTFOUND search-1', 'no such name; correct opensearch.nodes'],
    ['ERR_BUFFER_TOO_LARGE', 'Cannot create a Buffer larger than 9 bytes', 'server.flushItems'],
    ['ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.1:9200', 'connect ECONNREFUSED 10.0.0.1:9200'],
  ])('without TLS names the node and the setting: %s', (code, message, told) => {
    const text = connectionFault(error(code, message), plain);
    expect(text).toMatch(/^http:\/\/search-1:9200: /);
    expect(text).toContain(told);
  });

  it('of a name with several addresses is that of the first one', () => {
    const both = new AggregateError([error('ECONNREFUSED', 'connect ECONNREFUSED ::1:9200'), error('ETIMEDOUT', 'x')]);
    expect(connectionFault(both, plain)).toBe('http://search-1:9200: connect ECONNREFUSED ::1:9200');
  });
});

describe('an answer of something that is not OpenSearch', () => {
  it.each([
    [301, { location: 'https://search-1:9200/' }, 'points to https://search-1:9200/'],
    [400, { 'content-type': 'text/html' }, 'text/html'],
    [404, {}, 'no content type'],
  ])('is a fault that names opensearch.nodes: %i', (status, headers, told) => {
    const text = strangerFault(status, headers, plain);
    expect(text).toContain('opensearch.nodes');
    expect(text).toContain(told);
  });

  it.each([
    [200, 'application/json; charset=UTF-8'],
    [400, 'application/json'],
    [413, 'text/html'],
    [401, 'text/plain'],
    [503, 'text/html'],
  ])('may be OpenSearch, or say something about the request all the same: %i %s', (status, type) => {
    expect(strangerFault(status, { 'content-type': type }, plain)).toBeUndefined();
  });
});
