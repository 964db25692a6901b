import { choosePorts } from '../../sandbox/ports.js';
import { ApiClient } from './api-client.js';
import { uniqueSuffix } from './environment.js';
import { KafkaClient } from './kafka-client.js';
import { type ProgramOptions, ProgramProcess } from './program-process.js';
import { SearchClient } from './search-client.js';
import { TestDatabase } from './test-database.js';

type Settings = Readonly<Record<string, string>>;

/**
 * One installation of the program with names of its own in Kafka, OpenSearch and MariaDB, and the clients to look at it
 * from outside. {@link remove} ends its processes and takes everything away again.
 */
export class Installation {
  readonly suffix = uniqueSuffix();
  readonly kafka = new KafkaClient();
  readonly search = new SearchClient();
  readonly database = new TestDatabase(this.suffix);
  /** Begins the names of its topics and groups. */
  readonly tenant = `t${this.suffix}`;
  private readonly programs: ProgramProcess[] = [];

  private constructor(
    private readonly label: string,
    private readonly settings: Settings,
  ) {}

  /** `label` names its log files; `settings` are variables for all its processes. */
  static async make(label: string, settings: Settings = {}): Promise<Installation> {
    const installation = new Installation(label, settings);
    await installation.database.create();
    return installation;
  }

  /** An index base that no other test writes to. */
  indexBase(name = 'base'): string {
    return `${this.suffix}-${name}`;
  }

  /** The consumer group of a pipeline. */
  readonly group = (pipelineId: string) => `${this.tenant}.sdp.${pipelineId}`;

  /** Starts one process and waits until it is ready, or, when services are missing on purpose, only until it answers. */
  async start(
    args: readonly string[],
    settings: Settings = {},
    wait: 'ready' | 'live' = 'ready',
  ): Promise<ProgramProcess> {
    const program = await ProgramProcess.start(await this.optionsOf(args, settings));
    this.programs.push(program);
    return wait === 'ready' ? program.ready() : program;
  }

  /** Starts one process that may end before it answers. */
  async launch(args: readonly string[], settings: Settings = {}): Promise<ProgramProcess> {
    const program = ProgramProcess.launch(await this.optionsOf(args, settings));
    this.programs.push(program);
    return program;
  }

  /** The API of a process that has one. `token` says who asks, where that matters. */
  api(program: ProgramProcess, token?: string): ApiClient {
    return new ApiClient(program.url, token);
  }

  /** Goes on after a failure and then throws it. */
  async remove(): Promise<void> {
    const steps = [
      ...this.programs.filter(({ isRunning }) => isRunning).map((program) => () => program.kill()),
      () => this.kafka.removeAll(`${this.tenant}.`),
      () => this.search.removeBases(this.suffix),
      () => this.database.drop(),
    ];
    const faults: unknown[] = [];
    for (const step of steps) {
      await step().catch((error: unknown) => faults.push(error));
    }
    if (faults.length > 0) {
      throw new AggregateError(faults, `the traces of ${this.label} could not be removed`);
    }
  }

  private async optionsOf(args: readonly string[], settings: Settings): Promise<ProgramOptions> {
    const { http = 0, internal = 0 } = await choosePorts(['http', 'internal'], {}, []);
    return {
      name: `${this.label}-${args.join('-').replaceAll('--', '').replaceAll('/', '-')}`,
      args,
      httpPort: http,
      environment: {
        SDP_KAFKA_NAMES_TENANT: this.tenant,
        SDP_DATABASE_DATABASE: this.database.name,
        SDP_SERVER_HTTPPORT: String(http),
        SDP_SERVER_INTERNALHTTPPORT: String(internal),
        SDP_SERVER_FLUSHINTERVALSEC: '1',
        ...this.settings,
        ...settings,
      },
    };
  }
}
