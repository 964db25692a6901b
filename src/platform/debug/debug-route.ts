import { applyDecorators, RequestMethod, SetMetadata, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ApiOperation } from '@nestjs/swagger';

const SUMMARY = 'sdp:debug-route';

export interface DebugRouteEntry {
  method: string;
  path: string;
  summary: string;
}

/** What a route below /debug does, for the index and the API document. */
export function DebugRoute(summary: string): MethodDecorator {
  return applyDecorators(SetMetadata(SUMMARY, summary), ApiOperation({ summary }));
}

/** The routes of a controller that carry {@link DebugRoute}, in the order of its methods. */
export function debugRoutesOf(controller: Type<object>): DebugRouteEntry[] {
  const methods = Object.values(Object.getOwnPropertyDescriptors(controller.prototype)).map(
    ({ value }) => value as object,
  );
  return methods
    .filter((method) => typeof method === 'function' && Reflect.hasMetadata(SUMMARY, method))
    .map((method) => ({
      method: RequestMethod[Reflect.getMetadata(METHOD_METADATA, method) as RequestMethod],
      path: pathOf(controller, method),
      summary: Reflect.getMetadata(SUMMARY, method) as string,
    }));
}

function pathOf(controller: object, method: object): string {
  const parts = [controller, method].map((holder) => Reflect.getMetadata(PATH_METADATA, holder) as string);
  return `/${parts
    .map((part) => part.replaceAll(/^\/|\/$/g, ''))
    .filter((part) => part !== '')
    .join('/')}`;
}
