import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';

import { planPipelines, type InputKind, type RunningPipeline } from './pipelines.ts';
import { build } from './program/build.ts';
import { ManagementApi } from './program/management-api.ts';
import { Program, programProcess, requireBuilt } from './program/program.ts';
import type { RunContext } from './run-context.ts';
import { OpenSearch } from './search/open-search.ts';

/** Everything that runs, with pipelines that wait for records. */
export interface Stage {
  /** What the sandbox says about the services. */
  services: Readonly<Record<string, string>>;
  brokers: readonly string[];
  program: Program;
  api: ManagementApi;
  search: OpenSearch;
  pipelines: readonly RunningPipeline[];
  /** The log that each pipeline is fed from. */
  inputLogs: ReadonlyMap<InputKind, string>;
}

/** Builds and starts everything. What it starts is ended by the context's cleanup, also when it throws half-way. */
export async function setUp(context: RunContext): Promise<Stage> {
  const { options, root, signal, steps } = context;
  if (options.build) await steps.run('building (npm run build)', 'built', () => build(root, signal));
  requireBuilt(root);
  const services = await startServices(context);
  const stamp = isShared(context) ? `-${randomBytes(2).toString('hex')}` : '';
  const program = await startProgram(context, services, stamp);
  const api = new ManagementApi(program.url);
  const inputLogs = await readableInputs(context, services, program);
  const pipelines = await createPipelines(context, api, [...inputLogs.keys()], stamp);
  const search = new OpenSearch(services['OPENSEARCH_URL'] ?? '');
  const brokers = (services['KAFKA_BROKERS'] ?? '').split(',');
  return { services, brokers, program, api, search, pipelines, inputLogs };
}

async function startServices({
  sandbox,
  options,
  signal,
  steps,
  cleanup,
}: RunContext): Promise<Record<string, string>> {
  cleanup.add('services', () => sandbox.down());
  const doing = `starting Kafka, OpenSearch and MariaDB (sandbox ${options.name})`;
  await steps.run(doing, 'Kafka, OpenSearch and MariaDB are up', async () => {
    // Of an earlier run that was killed, or that kept its data.
    await programProcess(sandbox.folder).kill();
    await sandbox.remove();
    signal.throwIfAborted();
    await sandbox.up(undefined, signal);
  });
  return sandbox.env();
}

async function startProgram(context: RunContext, services: Record<string, string>, stamp: string): Promise<Program> {
  const { root, sandbox, signal, steps, cleanup } = context;
  // On services that others use too, the program keeps to topics of its own.
  const tenant: Record<string, string> = stamp === '' ? {} : { SDP_KAFKA_NAMES_TENANT: `quickstart${stamp}` };
  const program = new Program({ root, folder: sandbox.folder, services: { ...services, ...tenant } });
  await steps.run('migrating the database', 'the database is migrated', () => program.migrate(signal));
  cleanup.add('program', () => program.stop());
  const done = () => `the program serves at ${program.url}`;
  await steps.run('starting the program (--role all)', done, () => program.start(signal));
  return program;
}

/** The logs there are to feed from; one that cannot be read is told and left out. */
async function readableInputs(
  { terminal }: RunContext,
  services: Readonly<Record<string, string>>,
  program: Program,
): Promise<Map<InputKind, string>> {
  const logs: [InputKind, string | undefined][] = [
    ['opensearch-log', services['OPENSEARCH_LOG']],
    ['kafka-log', services['KAFKA_LOG']],
    ['access-log', program.logFile],
  ];
  const readable = new Map<InputKind, string>();
  for (const [kind, path] of logs) {
    const fault = path === undefined ? 'it is not run here' : await readFault(path);
    if (path !== undefined && fault === undefined) readable.set(kind, path);
    else terminal.line(`! no pipeline ${kind}: ${fault}`);
  }
  return readable;
}

async function readFault(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.R_OK);
    return undefined;
  } catch (error) {
    return `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
  }
}

async function createPipelines(
  context: RunContext,
  api: ManagementApi,
  kinds: readonly InputKind[],
  suffix: string,
): Promise<RunningPipeline[]> {
  const plans = planPipelines(kinds, suffix);
  const created: RunningPipeline[] = [];
  if (suffix !== '') context.cleanup.add('pipelines', () => Promise.all(created.map(({ id }) => api.delete(id))));
  const names = plans.map(({ id }) => id).join(', ');
  return context.steps.run('creating pipelines over the HTTP API', `pipelines ${names}`, async () => {
    for (const plan of plans) {
      context.signal.throwIfAborted();
      created.push({ ...plan, ...(await api.create(plan)) });
    }
    return created;
  });
}

/** True when a service is used that this run did not start, and that may hold something of others. */
function isShared({ sandbox }: RunContext): boolean {
  return sandbox.status().some(({ state }) => state === 'external');
}
