import { applyDecorators, RequestMethod, SetMetadata, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ApiOperation } from '@nestjs/swagger';

const SUMMARY = 'sdp:debug-route';

export interface DebugRouteEntry {
  method: string;
  path: string;
  summary: string;
}

/** What a route for those who look after the process does, for the index and the API document. */
export function DebugRoute(summary: string): MethodDecorator {
  return applyDecorators(SetMetadata(SUMMARY, summary), ApiOperation({ summary }));
}

/** The routes of the controllers that carry {@link DebugRoute} and stand below `base`, in the order of their methods. */
export function debugRoutesOf(controllers: readonly Type<object>[], base: string): DebugRouteEntry[] {
  return controllers.flatMap((controller) =>
    methodsOf(controller).map((method) => ({
      method: RequestMethod[Reflect.getMetadata(METHOD_METADATA, method) as RequestMethod],
      path: pathOf(controller, method, base),
      summary: Reflect.getMetadata(SUMMARY, method) as string,
    })),
  );
}

function methodsOf(controller: Type<object>): object[] {
  return Object.values(Object.getOwnPropertyDescriptors(controller.prototype))
    .map(({ value }) => value as object)
    .filter((method) => typeof method === 'function' && Reflect.hasMetadata(SUMMARY, method));
}

/** A controller stands below several bases, with the same path below each. */
function pathOf(controller: object, method: object, base: string): string {
  const paths = Reflect.getMetadata(PATH_METADATA, controller) as string[];
  const own = paths.find((path) => path.startsWith(`${base}/`)) ?? '';
  return [own, (Reflect.getMetadata(PATH_METADATA, method) as string).replaceAll(/^\/|\/$/g, '')]
    .filter((part) => part !== '')
    .join('/');
}
