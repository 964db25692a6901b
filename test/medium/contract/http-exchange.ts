import { request, type IncomingHttpHeaders } from 'node:http';

export interface HttpRequest {
  method: string;
  /** As it goes over the wire; nothing is encoded or tidied. */
  path: string;
  headers?: Readonly<Record<string, string>>;
  /** An object becomes JSON; a text or bytes go as they are, as application/json unless the headers say otherwise. */
  body?: unknown;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Parsed when it is JSON, else the text. */
  body: unknown;
}

/** A connection for each: the service ends an idle one whenever it likes, also at the moment of the next request. */
const agent = false;
const TIMEOUT_MS = 20_000;

/** Sends the request as it is and answers whatever comes back; rejects when nothing does. */
export async function exchange(port: number, { method, path, headers = {}, body }: HttpRequest): Promise<HttpAnswer> {
  const bytes = body === undefined ? undefined : bytesOf(body);
  return new Promise((resolve, reject) => {
    const sent = request({
      ...{ agent, port, method, path, host: '127.0.0.1', timeout: TIMEOUT_MS },
      headers: {
        ...(bytes && { 'content-type': 'application/json', 'content-length': bytes.length }),
        ...headers,
      },
    });
    sent.on('timeout', () => sent.destroy(new Error(`${method} ${path} was not answered in ${TIMEOUT_MS} ms`)));
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: parsed(Buffer.concat(chunks).toString(), response.headers['content-type']),
        }),
      );
    });
    sent.end(bytes);
  });
}

function bytesOf(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function parsed(text: string, type = ''): unknown {
  return type.startsWith('application/json') && text !== '' ? JSON.parse(text) : text;
}
