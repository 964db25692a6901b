import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openSearchUrl } from './environment.js';

export interface RecordedBulk {
  items: number;
  /** Of the body. */
  bytes: number;
}

/** Stands before OpenSearch: passes every request on, and notes each bulk by its pipeline. */
export class BulkRecorder {
  private readonly recorded = new Map<string, RecordedBulk[]>();

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.take(request, response));
  }

  static async start(): Promise<BulkRecorder> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new BulkRecorder(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The bulks of the pipeline since the start, or since they were forgotten. */
  of(pipelineId: string): readonly RecordedBulk[] {
    return this.recorded.get(pipelineId) ?? [];
  }

  forget(pipelineId: string): void {
    this.recorded.delete(pipelineId);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    for await (const chunk of request as AsyncIterable<Buffer>) {
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks);
    if (request.url?.includes('_bulk')) {
      const text = body.toString('utf8');
      const pipelineId = /"__pipeline_id":"([^"]+)"/.exec(text)?.[1] ?? '';
      const bulk = { items: (text.split('\n').length - 1) / 2, bytes: body.length };
      this.recorded.set(pipelineId, [...this.of(pipelineId), bulk]);
    }
    this.pass(request, body, response);
  }

  private pass({ method, url, headers }: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const passed = ask(openSearchUrl() + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    passed.end(body);
  }
}
