import type { IncomingMessage } from 'node:http';

/** What express notes on a request that a route has taken. */
interface RoutedRequest {
  route?: { path?: unknown };
  baseUrl?: string;
}

/** The pattern of the route, such as `/pipelines/:id`, never the path; undefined when no route has taken the request. */
export function findRoutePattern(request: IncomingMessage & RoutedRequest): string | undefined {
  const path = request.route?.path;
  return typeof path === 'string' ? (request.baseUrl ?? '') + path : undefined;
}
