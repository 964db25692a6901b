import { createConnection } from 'node:net';

export interface RawAnswer {
  status: number;
  /** Head and body as they came. */
  text: string;
  /** Bytes that were sent before the connection ended. */
  sentBytes: number;
}

const DEADLINE_MS = 15_000;

/**
 * Sends bytes that no client library would, and resolves when the other side has closed the connection; `chunks` are sent one
 * after the other, as fast as they are taken. Rejects when the connection stays open.
 */
export function rawExchange(port: number, head: string, chunks: Iterable<Buffer | string> = []): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    const received: Buffer[] = [];
    const pending = chunks[Symbol.iterator]();
    const sendOn = () => {
      for (let next = pending.next(); !next.done; next = pending.next()) {
        if (socket.destroyed || !socket.write(next.value)) {
          return;
        }
      }
    };
    const deadline = setTimeout(() => {
      socket.destroy();
      reject(new Error(`the connection was not closed; it said ${Buffer.concat(received).toString().slice(0, 500)}`));
    }, DEADLINE_MS);
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    socket.on('drain', sendOn);
    // A reset is one way to close: what was said before it counts.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(deadline);
      const text = Buffer.concat(received).toString();
      resolve({ text, status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), sentBytes: socket.bytesWritten });
    });
    socket.write(head);
    sendOn();
  });
}
