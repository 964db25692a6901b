import { tlsFault, type TlsSettings } from '../tls/tls-fault.js';

const SETTINGS = { section: 'opensearch.tls', address: 'opensearch.nodes' };

/** What to look at when OpenSearch answers 401 or 403. */
export const ACCESS_REMEDY =
  "check opensearch.username and opensearch.password (or the client certificate of opensearch.tls) and the role's index permissions";

/** In words for who runs the service: which node, what is wrong with the way to it, and what helps. Holds no secret. */
export function connectionFault(error: Error, node: URL): string {
  const told = peerFault(error, node, SETTINGS);
  const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
  return isTooLarge ? `${told}; make its bulks smaller with server.flushItems` : told;
}

/** As {@link connectionFault}, for any server that is spoken to over HTTP; `settings` say where it is. */
export function peerFault(error: Error, peer: URL, settings: TlsSettings): string {
  const first = firstOf(error);
  return tlsFault(first, peer.origin, settings) ?? `${peer.origin}: ${plainFault(first, peer, settings)}`;
}

/** When each address of a name failed, the error of the name itself says nothing. */
function firstOf(error: Error): Error {
  const { errors } = error as Partial<AggregateError>;
  return (errors?.[0] as Error | undefined) ?? error;
}

function plainFault(error: Error, { protocol }: URL, { section, address }: TlsSettings): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'ECONNRESET' && error.message === 'socket hang up') {
    return protocol === 'https:'
      ? `closed the connection without an answer; if it asks for client certificates, check ${section}.certFile and ${section}.keyFile`
      : `closed the connection without an answer; if it serves https, write https:// in ${address}`;
  }
  if (code.startsWith('HPE_')) {
    return `answered something that is not HTTP (${error.message}); if it serves https, write https:// in ${address}`;
  }
  if (code === 'ENOTFOUND') {
    return `${error.message}: no such name; correct ${address}`;
  }
  return error.message || code || 'no connection';
}

/**
 * Why an answer cannot be one of OpenSearch: a redirection, or a page in place of JSON where a proxy or another server
 * speaks. Undefined when it can.
 */
export function strangerFault(status: number, headers: NodeJS.Dict<string | string[]>, node: URL): string | undefined {
  const isJson = String(headers['content-type'] ?? '').includes('json');
  if (status >= 300 && status < 400) {
    return `${node.origin} answers ${status} and points to ${String(headers['location'] ?? 'nowhere')}: write the address of OpenSearch itself in ${SETTINGS.address}`;
  }
  if ((status === 400 || status === 404 || status === 405) && !isJson) {
    return `${node.origin} answers ${status} in a way that OpenSearch does not (${String(headers['content-type'] ?? 'no content type')}): check host, port, path and http or https in ${SETTINGS.address}`;
  }
  return undefined;
}
