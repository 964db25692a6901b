import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { INTERNAL_BASE, PUBLIC_BASE } from '../platform/http/api-bases.js';

const LIVE_PATHS: ReadonlySet<string> = new Set(['', PUBLIC_BASE, INTERNAL_BASE].map((base) => `${base}/health/live`));

/**
 * Stands before the program while it is being loaded, which takes a second and more on a busy machine: the process lives by
 * then, and says so. Every other request waits for the program.
 */
export class LateHandler {
  private readonly loaded = Promise.withResolvers<RequestListener>();
  private handler: RequestListener = (request, response) => this.meanwhile(request, response);

  readonly handle: RequestListener = (request, response) => this.handler(request, response);

  /** From now on all requests go there, those that waited first. */
  use(handler: RequestListener): void {
    this.handler = handler;
    this.loaded.resolve(handler);
  }

  private meanwhile(request: IncomingMessage, response: ServerResponse & { req: IncomingMessage }): void {
    const [path = ''] = (request.url ?? '').split('?');
    if (request.method === 'GET' && LIVE_PATHS.has(path)) {
      response.setHeader('Content-Type', 'application/json; charset=utf-8');
      response.setHeader('Cache-Control', 'no-store');
      response.end('{"status":"alive"}');
      return;
    }
    void this.loaded.promise.then((handler) => handler(request, response));
  }
}
