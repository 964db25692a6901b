import type { IncomingMessage, RequestOptions } from 'node:http';
import { createRequire } from 'node:module';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { KafkaJsInstrumentation } from '@opentelemetry/instrumentation-kafkajs';
import { MySQL2Instrumentation } from '@opentelemetry/instrumentation-mysql2';
import { isProbe } from '../http/probe-path.js';
import { findRoutePattern } from '../http/route-pattern.js';
import { Attribute } from './attribute-names.js';

/**
 * Patches HTTP, kafkajs and mysql2. All three are CommonJS, and what is patched lies on their prototypes and exports, so
 * one `require` through the hook that the instrumentations set patches them for whoever imports them, before or after:
 * no loader hook has to watch every module. mysql2 is not loaded here, since a worker does without it: the file that is
 * patched is required by its index, so the hook sees it whenever that is imported.
 */
export function instrumentLibraries(): void {
  registerInstrumentations({
    instrumentations: [
      httpInstrumentation(),
      new KafkaJsInstrumentation(),
      // Statements with their place-holders, without what was bound to them.
      new MySQL2Instrumentation({ maskStatement: true }),
    ],
  });
  const load = createRequire(import.meta.url);
  for (const name of ['http', 'https', 'kafkajs']) {
    load(name);
  }
}

/** Requests that are answered here, and those that are sent on behalf of one. Queries are left out: they hold values. */
function httpInstrumentation(): HttpInstrumentation {
  return new HttpInstrumentation({
    ignoreIncomingRequestHook: ({ url = '' }) => isProbe(url),
    requireParentforOutgoingSpans: true,
    startIncomingSpanHook: () => ({ [Attribute.UrlQuery]: undefined }),
    startOutgoingSpanHook: (request) => ({ [Attribute.UrlFull]: addressOf(request) }),
    applyCustomAttributesOnSpan: (span, request) => {
      const incoming = request as IncomingMessage;
      const route = findRoutePattern(incoming);
      // A path holds ids: a name of a span is one of few.
      if (route !== undefined) {
        span.setAttribute(Attribute.HttpRoute, route).updateName(`${incoming.method} ${route}`);
      }
    },
  });
}

function addressOf({ protocol, host, hostname, port, path }: RequestOptions): string {
  const authority = hostname ?? host ?? 'localhost';
  return `${protocol ?? 'http:'}//${authority}${port ? `:${port}` : ''}${path?.split('?', 1)[0] ?? '/'}`;
}
