import { SetMetadata } from '@nestjs/common';
import type { Operation } from './operation.js';

/** Metadata key under which a route (or its controller) says who may call it. */
export const ROUTE_ACCESS = 'sdp:route-access';

/** Metadata key of what a route asks for beside its operation. */
export const EXTRA_ACCESS = 'sdp:extra-access';

/**
 * Where a route names what it works on: `:id` of its path (without one: the service), `resource` of body or query, or `id` of
 * the body.
 */
export type ResourcePlace = 'path' | 'body' | 'query' | 'id of the body';

export type RouteAccess =
  | { kind: 'operation'; operation: Operation; resourceIn: ResourcePlace }
  | { kind: 'filtered'; operation: Operation }
  | { kind: 'open'; reason: string };

/** The route is for callers who hold this operation on what it works on. */
export function RequiresOperation(
  operation: Operation,
  resourceIn: ResourcePlace = 'path',
): MethodDecorator & ClassDecorator {
  return SetMetadata<string, RouteAccess>(ROUTE_ACCESS, { kind: 'operation', operation, resourceIn });
}

/** Asked for in addition, when the query says `parameter`, unless as `false`. */
export interface ExtraAccess {
  operation: Operation;
  parameter: string;
}

/** With this flag in its query the route does more, for which callers need another operation on the same thing. */
export function AlsoRequires(operation: Operation, parameter: string): MethodDecorator {
  return SetMetadata<string, ExtraAccess>(EXTRA_ACCESS, { operation, parameter });
}

/** A list, for every known caller: it shows only that on which the caller holds this operation. */
export function FilteredBy(operation: Operation): MethodDecorator & ClassDecorator {
  return SetMetadata<string, RouteAccess>(ROUTE_ACCESS, { kind: 'filtered', operation });
}

/**
 * The route answers everyone, without an account (probes, metrics). The reason is for the reader: a route that carries
 * none of these decorators is refused by the guard, so that forgetting one closes a door instead of opening it.
 */
export function OpenRoute(reason: string): MethodDecorator & ClassDecorator {
  return SetMetadata<string, RouteAccess>(ROUTE_ACCESS, { kind: 'open', reason });
}
