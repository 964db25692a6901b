import type { InputRecord } from '../factories/input-record.js';
import { pipelineRequest, smallMemory } from '../factories/pipeline-request.js';
import { changeTo, stampableRecords, type StampedBases } from '../factories/stamping-change.js';
import type { ApiClient, PipelineBody } from './api-client.js';
import type { Installation } from './installation.js';
import { Repetition } from './repetition.js';
import { StampedOutcome } from './stamped-outcome.js';
import { waitUntil } from './wait-until.js';

const partitions = 4;
const parallelism = 2;
const recordsAtOnce = 500;
const mostWaiting = 5000;

/** A pipeline of two tasks into which records are written without a pause, and which is changed step by step meanwhile. */
export class ChangingPipeline {
  readonly records: InputRecord[] = [];
  /** Step → the revision that its tasks said they run. */
  readonly reported = new Map<number, number>();
  private readonly producing: Repetition;

  private constructor(
    private readonly installation: Installation,
    private readonly api: ApiClient,
    readonly pipeline: PipelineBody,
    private readonly bases: StampedBases,
    private readonly topics: ReadonlyMap<string, string>,
  ) {
    this.producing = Repetition.start(() => this.produce());
  }

  /** It begins with step 1. */
  static async start(installation: Installation, api: ApiClient): Promise<ChangingPipeline> {
    const base = (name: string) => installation.indexBase(name);
    const bases: StampedBases = { even: base('even'), odd: base('odd'), named: base('named') };
    const owners = await Promise.all(Object.values(bases).map((name: string) => api.create(pipelineRequest(name))));
    const topics = new Map(owners.map(({ index_base, output_topic }) => [index_base, output_topic]));
    const pipeline = await api.create(requestOf(1, bases));
    return new ChangingPipeline(installation, api, pipeline, bases, topics);
  }

  readonly seen = () => this.api.tasks(this.pipeline.id);

  /** Returns when the change is accepted, whatever runs by then. */
  async change(step: number): Promise<void> {
    const { status, body } = await this.api.request(
      'PUT',
      `/pipelines/${this.pipeline.id}`,
      requestOf(step, this.bases),
    );
    if (status !== 204) {
      throw new Error(`step ${step} was answered ${status}: ${JSON.stringify(body)}`);
    }
  }

  /** Returns when all tasks say that they run by this step, the last that was asked for. */
  async runsBy(step: number): Promise<void> {
    const before = Math.max(0, ...this.reported.values());
    const revision = await waitUntil(
      `the tasks run by step ${step}`,
      async () => {
        const tasks = await this.api.tasks(this.pipeline.id);
        const [{ revision: first } = { revision: 0 }] = tasks;
        const isThere = tasks.every((task) => task.state === 'running' && task.revision === first);
        return isThere && tasks.length === parallelism && first > before && first;
      },
      { seen: this.seen },
    );
    this.reported.set(step, revision);
  }

  /** Returns when so many records more are committed, and some are still on their way. */
  async moves(count: number): Promise<void> {
    const committed = async () => this.records.length - (await this.lag());
    const before = await committed();
    await waitUntil(
      'some more is committed, and some is not',
      async () => (await this.lag()) > 0 && (await committed()) >= before + count,
      { seen: this.seen },
    );
  }

  /** Ends the writing, waits until everything is committed, and reads what became of it. */
  async outcome(): Promise<StampedOutcome> {
    await this.producing.stop();
    const { kafka, search, group } = this.installation;
    await kafka.caughtUp(group(this.pipeline.id), this.pipeline.input_topic, this.seen);
    const { pipeline, bases, topics, records } = this;
    return StampedOutcome.read({ search, pipeline, bases, topics, records });
  }

  private lag(): Promise<number> {
    return this.installation.kafka.lag(this.installation.group(this.pipeline.id), this.pipeline.input_topic);
  }

  /** As many as the tasks keep up with: what waits is bounded, what there is to check as well. */
  private async produce(): Promise<void> {
    const next = stampableRecords(this.records.length, recordsAtOnce, partitions, this.bases);
    await this.installation.kafka.produce(this.pipeline.input_topic, next);
    this.records.push(...next);
    await waitUntil('the tasks keep up', async () => (await this.lag()) < mostWaiting, { seen: this.seen });
  }
}

function requestOf(step: number, bases: StampedBases) {
  return pipelineRequest(bases.odd, {
    name: 'changing',
    settings: { input_partitions: partitions },
    deployment_config: { memory_limit: smallMemory.memory_limit * parallelism, parallelism },
    ...changeTo(step, bases),
  });
}
