import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { ApiError } from '../errors/api-error.js';

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/** Refuses a body that is not declared as JSON, before anything tries to read it. */
export function jsonOnly(): RequestHandler {
  return (request, _response, next) => {
    const type = request.headers['content-type'] ?? '';
    next(hasBody(request) && !JSON_TYPE.test(type) ? unsupported(type) : undefined);
  };
}

/** JSON is UTF-8; other bytes would become U+FFFD and be stored. */
export function verifyUtf8(_request: IncomingMessage, _response: unknown, body: Buffer): void {
  if (!isUtf8(body)) {
    throw new ApiError('InvalidParameter.RequestBody', {
      faults: [{ code: 'InvalidParameter.RequestBody', field: '', fault: 'is not UTF-8' }],
    });
  }
}

function hasBody(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}

function unsupported(type: string): ApiError {
  const fault = type === '' ? 'is missing' : `is ${type.slice(0, 100)}`;
  return new ApiError('UnSupported.ContentType', {
    faults: [{ code: 'UnSupported.ContentType', field: 'Content-Type', fault, limit: 'application/json' }],
  });
}
