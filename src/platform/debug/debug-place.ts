import { applyDecorators, Header, type Type } from '@nestjs/common';
import { ApiOkResponse, type ApiResponseNoStatusOptions, type ApiResponseOptions } from '@nestjs/swagger';
import { DebugRoute } from './debug-route.js';

type HeadersObject = NonNullable<Extract<ApiResponseOptions, { headers?: unknown }>['headers']>;

/** Where the debug routes are served, and for whom. */
export interface DebugPlace {
  /** Begins the operation ids of the API document: each place has its own. */
  name: string;
  /** Paths that the routes stand below; '' is the root. */
  paths: readonly string[];
  /** Says who may call them, and documents what the guard answers. */
  access: readonly ClassDecorator[];
  /** Headers of each answer, for the API document. */
  answerHeaders: HeadersObject;
  /** Documents the errors of a body. */
  bodyErrors: readonly MethodDecorator[];
}

/** Decorates a route that can be read: what it does, and what it answers. */
export function answersOf({ answerHeaders: headers }: DebugPlace) {
  return (summary: string, answer: ApiResponseNoStatusOptions): MethodDecorator =>
    applyDecorators(
      Header('Cache-Control', 'no-store'),
      DebugRoute(summary),
      ApiOkResponse({ description: 'As it is now', ...answer, headers }),
    );
}

/** The access decorators of a place, and its name, on one of its controllers. */
export function placed<T extends Type<object>>(controller: T, { name, access }: DebugPlace): T {
  access.forEach((decorate) => decorate(controller));
  // The API document names operations after controllers.
  Object.defineProperty(controller, 'name', { value: `${name}${controller.name}` });
  return controller;
}
