import type { ClientRequest, ClientRequestArgs, IncomingMessage } from 'node:http';
import { Connection } from '@opensearch-project/opensearch';

type OnResponse = (error: Error | null, response: IncomingMessage | null) => void;

/** The client's connection to one node, which tells why it failed: the client's own keeps the message alone. */
export class SearchConnection extends Connection {
  override request(params: ClientRequestArgs, callback: OnResponse): ClientRequest {
    let cause: Error | undefined;
    const outgoing = super.request(params, (error, response) => {
      if (error && cause) {
        error.cause = cause;
      }
      if (response) {
        // The client writes what comes after the answer to standard output, which is for log lines alone.
        outgoing.removeAllListeners('error').on('error', () => undefined);
      }
      callback(error, response);
    });
    outgoing.prependListener('error', (error) => {
      cause = error;
    });
    return outgoing;
  }
}
