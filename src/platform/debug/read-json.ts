import { isUtf8 } from 'node:buffer';
import type { Request } from 'express';
import { DebugError } from './debug-error.js';

const MAX_BYTES = 4096;

/** The body of a request as JSON: parsed by the API already, or read here, since a worker has no parser of bodies. */
export async function readJson(request: Request): Promise<unknown> {
  if (request.body !== undefined) {
    return request.body as unknown;
  }
  const bytes = await readBytes(request);
  try {
    if (isUtf8(bytes)) {
      return JSON.parse(bytes.toString('utf8')) as unknown;
    }
  } catch {
    // The parser quotes what it was given; the reason below is enough.
  }
  throw new DebugError('bad_body', { reason: 'it is not JSON in UTF-8' });
}

async function readBytes(request: Request): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_BYTES) {
      throw new DebugError('bad_body', { reason: `it is longer than ${MAX_BYTES} bytes` });
    }
  }
  return Buffer.concat(chunks);
}
