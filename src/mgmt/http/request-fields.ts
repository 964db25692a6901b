import type { Request } from 'express';
import { PIPELINE_ID_PATTERN } from '../../domain/pipeline-id.js';
import { contextOf } from './request-context.js';

const OF_A_PIPELINE = /\/pipelines\/:id(?:\/|$)/;

/** What every log line about a request carries. */
export function requestFields(request: Request): { requestId: string; pipeline?: string } {
  const { requestId } = contextOf(request);
  const pipeline = OF_A_PIPELINE.test(routeOf(request)) ? request.params['id'] : undefined;
  // What else stands there names no pipeline, and may be long.
  return { requestId, ...(typeof pipeline === 'string' && PIPELINE_ID_PATTERN.test(pipeline) && { pipeline }) };
}

/** The pattern that matched; empty when none did. */
export function routeOf(request: Request): string {
  const route = request.route as { path?: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path : '';
}
