import type { Request } from 'express';
import { contextOf } from './request-context.js';

const OF_A_PIPELINE = /\/pipelines\/:id(?:\/|$)/;
/** What else stands there names no pipeline, and may be long. */
const PIPELINE_ID = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** What every log line about a request carries. */
export function requestFields(request: Request): { requestId: string; pipeline?: string } {
  const { requestId } = contextOf(request);
  const pipeline = OF_A_PIPELINE.test(routeOf(request)) ? request.params['id'] : undefined;
  return { requestId, ...(typeof pipeline === 'string' && PIPELINE_ID.test(pipeline) && { pipeline }) };
}

/** The pattern that matched; empty when none did. */
export function routeOf(request: Request): string {
  const route = request.route as { path?: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path : '';
}
