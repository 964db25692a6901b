import { pino } from 'pino';
import { assemble, type Program } from '../../../src/app/assemble.js';
import { HttpListeners } from '../../../src/app/http-listeners.js';
import type { Runtime } from '../../../src/app/role.js';
import type { AppConfig } from '../../../src/config/app-config.js';
import { INTERNAL_BASE, PUBLIC_BASE } from '../../../src/platform/http/api-bases.js';
import type { Listener } from '../../../src/platform/http/listener.js';
import { until } from '../kafka-fixture.js';
import { removeIndices, removeTopics, runSql, testConfig } from '../mgmt-fixture.js';
import { exchange, type HttpAnswer, type HttpRequest } from './http-exchange.js';

const DEBUG_TOKEN = 'a-token-for-the-routes-below-debug';
/** Of the account that calls over the internal port. */
const INTERNAL_ACCOUNT = { 'x-account-id': 'service', 'x-account-type': 'app' };
const SETTINGS = { port: 'server.httpPort', host: 'server.bindAddress' };

/** The management role of the program with its two listeners, as it is assembled for a process. */
export class ContractService {
  private constructor(
    readonly config: AppConfig,
    private readonly program: Program,
    private readonly listeners: HttpListeners,
    private readonly ports: Readonly<Record<Listener, number>>,
    readonly log: Record<string, unknown>[],
  ) {}

  /** Resolves when it is ready; with `isReady` false as soon as it answers at all. */
  static async start(environment: Record<string, string>, { isReady = true } = {}): Promise<ContractService> {
    const config = testConfig({ SDP_DEBUG_TOKEN: DEBUG_TOKEN, ...environment });
    const log: Record<string, unknown>[] = [];
    const logger = pino({ level: 'info' }, { write: (line) => log.push(JSON.parse(line) as Record<string, unknown>) });
    const program = await assemble({ config, role: 'mgmt' }, logger);
    const listeners = new HttpListeners(program.handler);
    const open = async (listener: Listener) =>
      Number(new URL(await listeners.open({ listener, port: 0, host: '127.0.0.1', settings: SETTINGS })).port);
    const ports = { public: await open('public'), internal: await open('internal') };
    const service = new ContractService(config, program, listeners, ports, log);
    await service.eachRuntime((runtime) => runtime.start());
    if (isReady) {
      await until('the service is ready', async () => (await service.get('/health/ready')).status === 200);
    }
    return service;
  }

  get tenant(): string {
    return this.config.kafka.names.tenant;
  }

  port(listener: Listener = 'public'): number {
    return this.ports[listener];
  }

  /** Of a provider of the program. */
  provider<T>(token: abstract new (...parameters: never[]) => T): T {
    return this.program.app.get(token);
  }

  /** Over the public port. Below the root the debug routes want their token, and get it. */
  async send({ headers, ...request }: HttpRequest): Promise<HttpAnswer> {
    const token = /^\/(?:debug|log-level)\b/.test(request.path) && { authorization: `Bearer ${DEBUG_TOKEN}` };
    return exchange(this.port(), { ...request, headers: { ...token, ...headers } });
  }

  /** Over the internal port, whose paths are the same below another base. */
  async sendInternally({ path, headers, ...request }: HttpRequest): Promise<HttpAnswer> {
    return exchange(this.port('internal'), {
      ...request,
      headers: { ...INTERNAL_ACCOUNT, ...headers },
      path: path.replace(PUBLIC_BASE, INTERNAL_BASE),
    });
  }

  async get(path: string): Promise<HttpAnswer> {
    return this.send({ method: 'GET', path });
  }

  /** Throws unless the pipeline was made. */
  async create(body: object): Promise<void> {
    const answer = await this.send({ method: 'POST', path: `${PUBLIC_BASE}/pipelines`, body });
    if (answer.status !== 201) {
      throw new Error(`the pipeline was not made: ${JSON.stringify(answer.body)}`);
    }
  }

  async sql(statement: string, values: unknown[] = []) {
    return runSql(this.config, statement, values);
  }

  /** Stops it and removes what it made; one that shares its names with another one only stops. */
  async stop({ isShared = false } = {}): Promise<void> {
    await this.listeners.close(1000);
    await this.eachRuntime((runtime) => runtime.stop(1000));
    await this.program.app.close();
    if (!isShared) {
      await removeTopics(`${this.tenant}.`);
      await removeIndices(`mdl-${this.tenant}*`);
      await runSql(this.config, `DROP DATABASE IF EXISTS \`${this.config.database.database}\``, [], '');
    }
  }

  private async eachRuntime(work: (runtime: Runtime) => Promise<void>): Promise<void> {
    await Promise.all(this.program.halves.map(({ runtime }) => work(this.program.app.get<Runtime>(runtime))));
  }
}
