import { hostname } from 'node:os';
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_INSTANCE_ID, ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import { findHeaders } from '../../config/header-list.js';
import type { TracingConfig } from '../../config/tracing-config.js';
import type { Logger } from '../logging/logger.js';
import { RepeatingFault } from '../logging/repeating-fault.js';
import { Attribute } from './attribute-names.js';
import { tellDiagnostics } from './diagnostics.js';
import { instrumentLibraries } from './instrumentations.js';
import { StatementPrivacy } from './statement-privacy.js';
import { Tracing } from './tracing.js';
import { WatchedExporter } from './watched-exporter.js';

export interface TracedProcess {
  service: string;
  version: string;
  role: string;
}

/** Spans that wait for the collector, some megabytes; what comes beyond is dropped. */
const MAX_QUEUED_SPANS = 4096;
const MAX_EXPORTED_SPANS = 512;
const EXPORT_INTERVAL_MS = 1000;
/** The processor gives an export up after the exporter has: two of them never run at once. */
const EXPORT_GRACE_MS = 1000;

/**
 * Makes this process record spans and send them to the collector. Once a process, before the libraries that are to be
 * traced are used. This file and what it imports are the only ones that load OpenTelemetry: it is imported when
 * tracing is on, and not before.
 */
export function startTracing(
  config: TracingConfig,
  { service, version, role }: TracedProcess,
  logger: Logger,
): Tracing {
  const exporter = makeExporter(config, logger);
  tellDiagnostics(logger, () => exporter.isFailing);
  const processor = new BatchSpanProcessor({
    exporter,
    maxQueueSize: MAX_QUEUED_SPANS,
    maxExportBatchSize: MAX_EXPORTED_SPANS,
    scheduledDelayMillis: EXPORT_INTERVAL_MS,
    exportTimeoutMillis: config.exportTimeoutMs + EXPORT_GRACE_MS,
  });
  const resource = resourceOf({ service, version, role });
  const provider = new TracerProvider({
    resource,
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(config.sampleRatio) }),
    spanProcessors: [new StatementPrivacy(), processor],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  instrumentLibraries();
  return new Tracing({ provider, processor, resource, scope: { name: service, version } });
}

function makeExporter(config: TracingConfig, logger: Logger): WatchedExporter {
  const { endpoint, headers, exportTimeoutMs } = config;
  const exporter = new OTLPTraceExporter({
    url: endpoint,
    headers: findHeaders(headers),
    timeoutMillis: exportTimeoutMs,
  });
  return new WatchedExporter(exporter, endpoint, new RepeatingFault(logger));
}

function resourceOf({ service, version, role }: TracedProcess): Resource {
  return defaultResource().merge(
    resourceFromAttributes({
      [ATTR_SERVICE_NAME]: service,
      [ATTR_SERVICE_VERSION]: version,
      [ATTR_SERVICE_INSTANCE_ID]: `${hostname()}-${process.pid}`,
      [Attribute.Role]: role,
    }),
  );
}
