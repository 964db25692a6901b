import { once } from 'node:events';
import { connect } from 'node:net';

export interface RawAnswer {
  /** 0 when the server closed the connection without an answer. */
  status: number;
  text: string;
}

/** Sends these bytes as they are, which no client of HTTP would do, and answers what comes until the connection closes. */
export async function sendRaw(url: string, request: string): Promise<RawAnswer> {
  const { hostname: host, port } = new URL(url);
  const socket = connect({ host, port: Number(port) });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A server that refuses a request may reset the connection while it is still being written.
  socket.on('error', () => undefined);
  // Not ended: a server takes that for a caller who has left. It is the server who closes.
  socket.write(request, 'latin1');
  await once(socket, 'close');
  const text = Buffer.concat(chunks).toString('utf8');
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text };
}

/** A request with this target, spelled exactly so; without a body. */
export function rawGet(target: string, headers: readonly string[] = []): string {
  return [`GET ${target} HTTP/1.1`, 'Host: test', ...headers, 'Connection: close', '', ''].join('\r\n');
}
