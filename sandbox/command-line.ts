import { parseArgs } from 'node:util';

import { prometheusPrograms, type PrometheusProgram } from './prometheus.ts';
import { SandboxError } from './sandbox-error.ts';
import { isServiceName, serviceNames, type ServiceName } from './service-name.ts';

export type Command =
  | { verb: 'up'; only: readonly ServiceName[] }
  | { verb: 'down' | 'status' | 'env' | 'reset' | 'help' }
  | { verb: 'start' | 'stop' | 'kill'; service: ServiceName }
  | { verb: 'run'; program: PrometheusProgram; words: readonly string[] };

export const usage = `Usage: npm run sandbox -- <command> [--name <name>]

  up [--only kafka,opensearch,mariadb]   start the services and wait until they answer
  down                                   end them; data, logs and ports are kept
  status                                 what runs where; exit 1 unless everything runs
  env                                    KEY=VALUE lines for scripts and for the program
  reset                                  down, empty data and logs, up
  stop | start | kill <service>          one service; kill is SIGKILL
  run prometheus | promtool [words]      the program with these words, here; fetched when it is not installed

--name chooses the sandbox (default: "default"); any number of them run side by side.
SDP_SANDBOX_KAFKA_BROKERS, SDP_SANDBOX_OPENSEARCH_URL and SDP_SANDBOX_DATABASE_URL name services of your own, which are
used instead of starting one. Downloads are kept in SDP_CACHE_DIR, else below XDG_CACHE_HOME or ~/.cache.`;

/** Reads the words after the program's name. Throws one line for anything that is not understood. */
export function parseCommandLine(words: readonly string[]): { name: string; command: Command } {
  if (words[0] === 'run') return { name: 'default', command: programRun(words.slice(1)) };
  const { values, positionals } = parse(words);
  const [verb, ...rest] = positionals;
  const name = values.name ?? 'default';
  if (values.help === true || verb === undefined) return { name, command: { verb: 'help' } };
  if (values.only !== undefined && verb !== 'up') throw new SandboxError('--only belongs to "up"');
  if (verb === 'start' || verb === 'stop' || verb === 'kill')
    return { name, command: { verb, service: oneService(verb, rest) } };
  if (rest.length > 0) throw new SandboxError(`"${verb}" takes no further words: ${rest.join(' ')}`);
  if (verb === 'up') return { name, command: { verb, only: serviceList(values.only) } };
  if (verb === 'down' || verb === 'status' || verb === 'env' || verb === 'reset') return { name, command: { verb } };
  throw new SandboxError(`"${verb}" is no command: up, down, status, env, reset, start, stop, kill or run`);
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { name: { type: 'string' }, only: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw new SandboxError(error instanceof Error ? error.message : String(error));
  }
}

/** Whatever follows the program's name is the program's. */
function programRun([name, ...words]: readonly string[]): Command {
  const program = prometheusPrograms.find((known) => known === name);
  if (program === undefined) throw new SandboxError(`"run" takes one of ${prometheusPrograms.join(', ')} first`);
  return { verb: 'run', program, words };
}

function oneService(verb: string, words: readonly string[]): ServiceName {
  const [service, ...rest] = serviceList(words.join(','));
  if (service === undefined || rest.length > 0)
    throw new SandboxError(`"${verb}" takes one service: ${serviceNames.join(', ')}`);
  return service;
}

function serviceList(text: string | undefined): readonly ServiceName[] {
  if (text === undefined) return serviceNames;
  const names = text.split(',').filter((name) => name !== '');
  const unknown = names.filter((name) => !isServiceName(name));
  if (unknown.length > 0) throw new SandboxError(`"${unknown.join(', ')}" is no service: ${serviceNames.join(', ')}`);
  return serviceNames.filter((name) => names.includes(name));
}
