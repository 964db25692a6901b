import { parseArgs } from 'node:util';
import { PIPELINE_ID_PATTERN } from '../domain/pipeline-id.js';
import { ROLES, type Role } from './role.js';
import { UsageError } from './usage-error.js';

/** What the program is asked to do. `configFile` is the overlay file, absent when none is given. */
export type Command =
  | { kind: 'help' }
  | { kind: 'version' }
  | { kind: 'check-config' | 'print-config' | 'encrypt' | 'migrate'; configFile?: string }
  | { kind: 'run'; role: Role; pipelineId?: string; configFile?: string };

export const HELP = `Usage: node dist/main.js [options]

  --role mgmt|worker|all  which half runs here: the HTTP API, the tasks, or both (default all)
  --pipeline ID           with --role worker: run all tasks of this pipeline, and only those
  --config FILE           settings laid over config/default.yaml; SDP_... variables are laid over both
  --check-config          check the settings and exit
  --print-config          print the settings that count, without secrets, and exit
  --encrypt               read a secret from standard input, print it as \${enc:...} for a settings file, and exit
  --migrate               bring the database schema up to date and exit
  --help, --version

Exit codes: 0 ended as asked, 1 a fault (such as a port in use) or a second signal, 2 wrong arguments or settings
`;

const MODES = ['help', 'version', 'check-config', 'print-config', 'encrypt', 'migrate'] as const;

/** @throws UsageError */
export function parseCommandLine(args: readonly string[]): Command {
  const options = readOptions(args);
  const configFile = options.config;
  const modes = MODES.filter((mode) => options[mode]);
  if (modes.includes('help')) {
    return { kind: 'help' };
  }
  if (modes.length > 1) {
    throw new UsageError(`${modes.map((mode) => `--${mode}`).join(' and ')} exclude each other`);
  }
  const role = roleOf(options.role);
  const pipelineId = pipelineOf(options.pipeline, role);
  if (configFile === '') {
    throw new UsageError('--config needs the name of a file');
  }
  const mode = modes[0];
  return mode === undefined ? { kind: 'run', role, pipelineId, configFile } : { kind: mode, configFile };
}

function readOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        role: { type: 'string' },
        pipeline: { type: 'string' },
        config: { type: 'string' },
        'check-config': { type: 'boolean' },
        'print-config': { type: 'boolean' },
        encrypt: { type: 'boolean' },
        migrate: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    const [firstLine = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new UsageError(firstLine.replace(/\. To specify .*$/, ''));
  }
}

function roleOf(text: string | undefined): Role {
  const role = ROLES.find((known) => known === (text ?? 'all'));
  if (role === undefined) {
    throw new UsageError(`--role ${text}: must be one of ${ROLES.join(', ')}`);
  }
  return role;
}

function pipelineOf(id: string | undefined, role: Role): string | undefined {
  if (id !== undefined && role !== 'worker') {
    throw new UsageError('--pipeline needs --role worker');
  }
  if (id !== undefined && !PIPELINE_ID_PATTERN.test(id)) {
    throw new UsageError(`--pipeline ${id}: is not the id of a pipeline: 1 to 40 of a-z, 0-9 and -, and no - first`);
  }
  return id;
}
