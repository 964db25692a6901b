import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { waitUntil } from './wait-until.js';

type Value = string | number | boolean;

/** A span as a collector gets it, with the attributes of its resource. */
export interface ReceivedSpan {
  name: string;
  /** As OTLP numbers them: 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  traceId: string;
  spanId: string;
  /** Empty when it is the first of its trace. */
  parentSpanId: string;
  traceState: string;
  startMs: number;
  endMs: number;
  hasFailed: boolean;
  statusMessage: string;
  attributes: Record<string, Value>;
  resource: Record<string, Value>;
  links: { traceId: string; spanId: string }[];
}

interface OtlpAttribute {
  key: string;
  value: { stringValue?: string; intValue?: number | string; doubleValue?: number; boolValue?: boolean };
}

interface OtlpSpan extends Pick<ReceivedSpan, 'name' | 'kind' | 'traceId' | 'spanId'> {
  parentSpanId?: string;
  traceState?: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  status?: { code?: number; message?: string };
  attributes?: OtlpAttribute[];
  links?: { traceId: string; spanId: string }[];
}

interface OtlpRequest {
  resourceSpans: { resource: { attributes: OtlpAttribute[] }; scopeSpans: { spans: OtlpSpan[] }[] }[];
}

const statusError = 2;

/** A collector: an OTLP/HTTP endpoint that decodes and keeps the spans it is sent as JSON. */
export class TraceReceiver {
  readonly spans: ReceivedSpan[] = [];
  /** Of each request. */
  readonly headers: IncomingHttpHeaders[] = [];
  /** Exports that came, whether or not they were answered well. */
  exports = 0;
  /** Connections are cut instead of answered, as if nobody were there. */
  isAway = false;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      this.exports++;
      if (this.isAway) {
        request.socket.destroy();
        return;
      }
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.headers.push(request.headers);
        this.spans.push(...spansOf(JSON.parse(Buffer.concat(chunks).toString('utf8')) as OtlpRequest));
        response.setHeader('content-type', 'application/json').end('{}');
      });
    });
  }

  static async start(): Promise<TraceReceiver> {
    const receiver = new TraceReceiver();
    await new Promise<void>((resolve) => receiver.server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1/traces`;
  }

  /** Waits for a span, and answers it. */
  async span(what: string, isWanted: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan> {
    return waitUntil(`the collector has ${what}`, () => this.spans.find(isWanted), {
      seen: () => this.spans.map(({ name, traceId, parentSpanId }) => `${name} ${traceId} ${parentSpanId}`).join('\n'),
    });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** True when a link leads to the span. */
export function isLinkedTo({ links }: ReceivedSpan, { traceId, spanId }: ReceivedSpan): boolean {
  return links.some((link) => isDeepStrictEqual([link.traceId, link.spanId], [traceId, spanId]));
}

function spansOf({ resourceSpans }: OtlpRequest): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map((span) => received(span, valuesOf(resource.attributes)))),
  );
}

function received(span: OtlpSpan, resource: Record<string, Value>): ReceivedSpan {
  const { name, kind, traceId, spanId, parentSpanId = '', traceState = '', status, links = [] } = span;
  return {
    name,
    kind,
    traceId,
    spanId,
    parentSpanId,
    traceState,
    startMs: Number(BigInt(span.startTimeUnixNano) / 1000n) / 1000,
    endMs: Number(BigInt(span.endTimeUnixNano) / 1000n) / 1000,
    hasFailed: status?.code === statusError,
    statusMessage: status?.message ?? '',
    attributes: valuesOf(span.attributes ?? []),
    resource,
    links: links.map((link) => ({ traceId: link.traceId, spanId: link.spanId })),
  };
}

function valuesOf(attributes: readonly OtlpAttribute[]): Record<string, Value> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => {
      const number = value.intValue ?? value.doubleValue;
      return [key, value.stringValue ?? value.boolValue ?? (number === undefined ? '' : Number(number))];
    }),
  );
}
