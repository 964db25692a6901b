import { waitUntil } from './wait-until.js';

const publicBase = '/api/flow-stream-data-pipeline/v1';
const requestTimeoutMs = 30_000;

export interface ApiAnswer<T = unknown> {
  status: number;
  headers: Headers;
  body: T;
}

export interface PipelineBody {
  id: string;
  name: string;
  status: string;
  status_details: string;
  input_topic: string;
  output_topic: string;
  error_topic: string;
  index_base: string;
}

export interface TaskBody {
  index: number;
  worker: string;
  revision: number;
  state: string;
  cause: string;
  cause_code: string;
  attempts: number;
  next_attempt_at: number;
  cpu_percent: number;
  memory_bytes: number;
}

export interface ErrorBody {
  error_code: string;
  description: string;
  solution: string;
  error_link: string;
  error_details: Record<string, unknown>;
}

/** The management API as a caller sees it. Answers are handed back whatever their status. */
export class ApiClient {
  /** What the paths of requests are appended to. */
  readonly base: string;

  constructor(
    readonly url: string,
    private readonly token?: string,
  ) {
    this.base = url + publicBase;
  }

  /** An object becomes JSON; a text or bytes are sent as they are, as application/json all the same. */
  async request<T = unknown>(
    method: string,
    path: string,
    body?: object | string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ApiAnswer<T>> {
    const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
    const response = await fetch(this.base + path, {
      method,
      headers: {
        ...headers,
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: isRaw ? (body as string) : JSON.stringify(body) }),
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(text) as T };
  }

  /** Creates a pipeline and answers it as it can be read then. */
  async create(request: object): Promise<PipelineBody> {
    const created = await this.request<{ id: string }>('POST', '/pipelines', request);
    expectStatus(created, 201);
    return this.get(created.body.id);
  }

  async get(id: string): Promise<PipelineBody> {
    const answer = await this.request<PipelineBody>('GET', `/pipelines/${id}`);
    expectStatus(answer, 200);
    return answer.body;
  }

  async tasks(id: string): Promise<TaskBody[]> {
    const answer = await this.request<{ entries: TaskBody[] }>('GET', `/pipelines/${id}/tasks`);
    expectStatus(answer, 200);
    return answer.body.entries;
  }

  async setStatus(id: string, status: 'running' | 'close'): Promise<void> {
    expectStatus(await this.request('PUT', `/pipelines/${id}/attrs/status`, { status }), 204);
  }

  /** Waits until the pipeline is as `isWanted` wants it, and answers it. */
  async waitFor(id: string, what: string, isWanted: (pipeline: PipelineBody) => boolean): Promise<PipelineBody> {
    return waitUntil(
      `pipeline ${id} ${what}`,
      async () => {
        const pipeline = await this.get(id);
        return isWanted(pipeline) && pipeline;
      },
      { seen: () => this.get(id) },
    );
  }
}

function expectStatus({ status, body }: ApiAnswer, wanted: number): void {
  if (status !== wanted) {
    throw new Error(`answered ${status} instead of ${wanted}: ${JSON.stringify(body)}`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
