import type { Request } from 'express';
import { contextOf } from './request-context.js';

const OF_A_PIPELINE = /\/pipelines\/:id(?:\/|$)/;

/** What every log line about a request carries. */
export function requestFields(request: Request): { requestId: string; pipeline?: string } {
  const { requestId } = contextOf(request);
  const pipeline = OF_A_PIPELINE.test(routeOf(request)) ? request.params['id'] : undefined;
  return { requestId, ...(typeof pipeline === 'string' && { pipeline }) };
}

/** The pattern that matched; empty when none did. */
export function routeOf(request: Request): string {
  const route = request.route as { path?: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path : '';
}
