import { NotFoundException } from '@nestjs/common';
import type { RequestHandler } from 'express';
import { INTERNAL_BASE, PUBLIC_BASE } from './api-bases.js';
import { type Listener, listenerOf } from './listener.js';

const DOCS = '/docs';
/** Paths that one listener alone serves; anything else is served by both. */
const OWNERS: readonly (readonly [string, Listener])[] = [
  [INTERNAL_BASE, 'internal'],
  [PUBLIC_BASE, 'public'],
  [DOCS, 'public'],
];

/** Keeps the two APIs apart: a path of the other listener does not exist. Must come before every route. */
export function listenerSeparation(): RequestHandler {
  return (request, _response, next) => {
    const owner = ownerOf(request.path);
    next(owner === undefined || owner === listenerOf(request) ? undefined : new NotFoundException());
  };
}

/** Routes match without regard to case, so this must too. */
function ownerOf(path: string): Listener | undefined {
  const lower = path.toLowerCase();
  return OWNERS.find(([base]) => lower === base || lower.startsWith(`${base}/`))?.[1];
}
