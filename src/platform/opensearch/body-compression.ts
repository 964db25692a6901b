import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

/** Below this, a body fits into a packet or two and compressing it costs more than it saves. */
const MIN_BYTES = 2048;
/** Each piece is a turn of the thread pool; JSON of some MiB becomes a few of these. */
const CHUNK_BYTES = 128 * 1024;

const compress = promisify(gzip);
const expand = promisify(gunzip);

export interface EncodedBody {
  bytes: Buffer;
  /** Of the request. */
  headers: Readonly<Record<string, string>>;
}

/** Compressed off the JS thread, when it is worth it. `body` must not change until this resolves. */
export async function encodeBody(body: Buffer): Promise<EncodedBody> {
  if (body.length < MIN_BYTES) {
    return { bytes: body, headers: {} };
  }
  const bytes = await compress(body, { level: 1, chunkSize: CHUNK_BYTES });
  return { bytes, headers: { 'content-encoding': 'gzip' } };
}

/** The answer's own bytes. Rejects when they cannot be read or are more than `maxBytes`. */
export async function decodeBody(body: Buffer, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity') {
    return body;
  }
  if (encoding !== 'gzip') {
    throw new Error(`the answer has an encoding that was not asked for (${encoding})`);
  }
  return expand(body, { maxOutputLength: maxBytes });
}
