import { SetMetadata } from '@nestjs/common';
import type { Operation } from './operation.js';

/** Metadata key under which a route (or its controller) says who may call it. */
export const ROUTE_ACCESS = 'sdp:route-access';

export type RouteAccess = { kind: 'operation'; operation: Operation } | { kind: 'open'; reason: string };

/** The route is for callers who hold this operation. */
export function RequiresOperation(operation: Operation): MethodDecorator & ClassDecorator {
  return SetMetadata<string, RouteAccess>(ROUTE_ACCESS, { kind: 'operation', operation });
}

/**
 * The route answers everyone, without an account (probes, metrics). The reason is for the reader: a route that carries
 * neither decorator is refused by the guard, so that forgetting one closes a door instead of opening it.
 */
export function OpenRoute(reason: string): MethodDecorator & ClassDecorator {
  return SetMetadata<string, RouteAccess>(ROUTE_ACCESS, { kind: 'open', reason });
}
