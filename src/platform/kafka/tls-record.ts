import type { Socket } from 'node:net';

/** A plain connection was answered in TLS. */
export class TlsRequired extends Error {
  readonly code = 'TLS_REQUIRED';

  constructor() {
    super('the broker answered in TLS');
    this.name = 'TlsRequired';
  }
}

/**
 * Tells when the first answer on a plain connection is a TLS record, as brokers send to say that they did not understand.
 * For a Kafka client it would be the beginning of an answer of several hundred MB.
 */
export function onTlsAnswer(socket: Socket, tell: (error: TlsRequired) => void): void {
  socket.once('data', (bytes: Buffer) => {
    if (isTlsRecord(bytes)) {
      tell(new TlsRequired());
    }
  });
}

/** Content type 20 to 23, then version 3.0 to 3.4. */
function isTlsRecord(bytes: Buffer): boolean {
  const [type = 0, major = 0, minor = 0] = bytes;
  return type >= 20 && type <= 23 && major === 3 && minor <= 4;
}
