import type { CreatedPipeline, PipelinePlan } from '../pipelines.ts';
import { QuickstartError } from '../quickstart-error.ts';
import { transportFault } from '../transport-fault.ts';

const basePath = '/api/flow-stream-data-pipeline/v1';
const timeoutMs = 15_000;

export interface TaskView {
  index: number;
  state: string;
  cause: string;
  lagRecords: number;
}

interface Answer {
  status: number;
  text: string;
}

/** The HTTP API of the program, as an operator uses it. */
export class ManagementApi {
  readonly url: string;

  /** `programUrl` has no path. */
  constructor(programUrl: string) {
    this.url = programUrl + basePath;
  }

  /** Makes a pipeline, which then runs. */
  async create(plan: PipelinePlan): Promise<CreatedPipeline> {
    const { id, name, comment, indexBase } = plan;
    const body = { id, name, comment, tags: ['quickstart'], output_type: 'index_base', index_base: indexBase };
    await this.#expect(201, 'POST', '/pipelines', body);
    const row = JSON.parse(await this.#expect(200, 'GET', `/pipelines/${id}`)) as Record<string, string>;
    const { input_topic: inputTopic = '', output_topic: outputTopic = '', error_topic: errorTopic = '' } = row;
    return { inputTopic, outputTopic, errorTopic };
  }

  /** Ends it as well. */
  async delete(id: string): Promise<void> {
    const { status, text } = await this.#call('DELETE', `/pipelines/${id}?force=true`);
    if (status >= 300) throw new QuickstartError(`pipeline ${id} was not deleted: ${reasonOf(text)}`);
  }

  async tasks(id: string): Promise<TaskView[]> {
    const { entries } = JSON.parse(await this.#expect(200, 'GET', `/pipelines/${id}/tasks`)) as {
      entries: { index: number; state: string; cause: string; lag_records: number }[];
    };
    return entries.map(({ index, state, cause, lag_records: lagRecords }) => ({ index, state, cause, lagRecords }));
  }

  /** The whole of GET /metrics. */
  async metrics(): Promise<string> {
    return this.#expect(200, 'GET', new URL('/metrics', this.url).href);
  }

  /** Asks for a path below the API, whatever the answer is. */
  async visit(path: string): Promise<number> {
    return (await this.#call('GET', path)).status;
  }

  async #expect(status: number, method: string, path: string, body?: object): Promise<string> {
    const answer = await this.#call(method, path, body);
    if (answer.status === status) return answer.text;
    throw new QuickstartError(`${method} ${path} was answered with ${answer.status}: ${reasonOf(answer.text)}`);
  }

  async #call(method: string, path: string, body?: object): Promise<Answer> {
    try {
      const answer = await fetch(path.startsWith('http') ? path : this.url + path, {
        method,
        signal: AbortSignal.timeout(timeoutMs),
        ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      return { status: answer.status, text: await answer.text() };
    } catch (error) {
      throw new QuickstartError(`${method} ${path}: the program does not answer (${transportFault(error)})`);
    }
  }
}

/** The error body in one line: code, description and what is wrong in particular. */
function reasonOf(text: string): string {
  try {
    const body = JSON.parse(text) as { error_code: string; description: string; error_details: unknown };
    return `${body.error_code}, ${body.description} ${JSON.stringify(body.error_details)}`;
  } catch {
    return text.slice(0, 200);
  }
}
