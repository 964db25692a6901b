import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { type ApiError, type Fault, invalidRequest } from '../errors/api-error.js';

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;(.*))?$/is;
const UTF8 = /^\s*(?:charset\s*=\s*"?utf-?8"?\s*)?;?\s*$/i;
const MAX_SHOWN_CHARACTERS = 100;

/**
 * Reads the body of a request as JSON into `request.body`; undefined when there is none. What is refused by its head is
 * refused before a byte of the body is read, and of a body that turns out to be too large no more than the limit is kept.
 * It takes the place of the framework's parser, which answers only when the whole body has come, however large.
 */
export function jsonBody(limitBytes: number): RequestHandler {
  return (request, _response, next) => {
    if (!hasBody(request)) {
      next();
      return;
    }
    const fault = headFault(request, limitBytes);
    if (fault) {
      next(invalidRequest([fault]));
      return;
    }
    bytesOf(request, limitBytes)
      .then(parsed)
      .then((body) => {
        request.body = body;
        next();
      }, next);
  };
}

/** True while bytes of a body are still to come. */
export function isUnread(request: IncomingMessage): boolean {
  return hasBody(request) && !request.complete;
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function headFault({ headers }: IncomingMessage, limitBytes: number): Fault | undefined {
  const type = headers['content-type'] ?? '';
  const encoding = headers['content-encoding'] ?? 'identity';
  const parameters = JSON_TYPE.exec(type)?.[1] ?? '';
  if (!JSON_TYPE.test(type) || !UTF8.test(parameters)) {
    return unsupported('Content-Type', type, 'application/json, in UTF-8');
  }
  if (encoding.toLowerCase() !== 'identity') {
    return unsupported('Content-Encoding', encoding, 'identity');
  }
  const length = Number(headers['content-length'] ?? 0);
  return length > limitBytes ? tooLarge(`has ${length} bytes`, limitBytes) : undefined;
}

function unsupported(field: string, given: string, limit: string): Fault {
  const fault = given === '' ? 'is missing' : `is ${given.slice(0, MAX_SHOWN_CHARACTERS)}`;
  return { code: 'UnSupported.ContentType', field, fault, limit };
}

function tooLarge(fault: string, limitBytes: number): Fault {
  return { code: 'LengthExceeded.RequestBody', field: '', fault, limit: `at most ${limitBytes} bytes` };
}

function bytesOf(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limitBytes) {
        request.removeAllListeners('data').pause();
        chunks.length = 0;
        reject(invalidRequest([tooLarge(`has more than ${limitBytes} bytes`, limitBytes)]));
      } else {
        chunks.push(chunk);
      }
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    // Nobody reads the answer then; it ends the request.
    request.once('close', () => reject(bad('was not sent to its end')));
    request.once('error', () => reject(bad('was not sent to its end')));
  });
}

function parsed(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) {
    // Other bytes would become U+FFFD and be stored.
    throw bad('is not UTF-8');
  }
  try {
    return bytes.length === 0 ? undefined : (JSON.parse(bytes.toString('utf8')) as unknown);
  } catch (error) {
    // The parser's own words quote the body.
    const position = /at position (\d+)/.exec(String(error))?.[1];
    throw bad(position === undefined ? 'is not JSON' : `is not JSON at position ${position}`);
  }
}

function bad(fault: string): ApiError {
  return invalidRequest([{ code: 'InvalidParameter.RequestBody', field: '', fault }]);
}
