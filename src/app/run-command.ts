import { ConfigError } from '../config/config-error.js';
import { type ConfigWarning, describeFault } from '../config/config-fault.js';
import { loadConfigWithWarnings, loadEncryptionKey } from '../config/load-config.js';
import { printConfig } from '../config/print-config.js';
import type { LoadedConfig } from '../config/build-config.js';
import { encryptSecret } from '../config/secret-cipher.js';
import { secretValuesOf } from '../config/secret-values.js';
import { readBuildInfo } from '../platform/health/build-info.js';
import { createLogger } from '../platform/logging/create-logger.js';
import { logConfigWarnings } from './config-warnings.js';
import { type Command, HELP, parseCommandLine } from './command-line.js';
import { UsageError } from './usage-error.js';

export interface Terminal {
  out: (text: string) => void;
  err: (text: string) => void;
  /** One secret from standard input, shown nowhere. Rejects with a UsageError when there is none. */
  readSecret: () => Promise<string>;
}

/** Wrong arguments or settings. */
const EXIT_USAGE = 2;

/**
 * Does what the arguments say. Resolves with the exit code, or with undefined when the program now runs until a signal.
 * Faults of the caller are told in lines, without a stack, and answered with 2.
 */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number | undefined> {
  try {
    return await execute(parseCommandLine(args), terminal);
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.err(`${error.message} (see --help)\n`);
      return EXIT_USAGE;
    }
    if (error instanceof ConfigError) {
      terminal.err(`${error.message}\n`);
      return EXIT_USAGE;
    }
    throw error;
  }
}

async function execute(command: Command, terminal: Terminal): Promise<number | undefined> {
  if (command.kind === 'help') {
    terminal.out(HELP);
    return 0;
  }
  if (command.kind === 'version') {
    const { name, version, commit } = readBuildInfo();
    terminal.out(`${name} ${version} (commit ${commit})\n`);
    return 0;
  }
  if (command.kind === 'encrypt') {
    return encrypt(command.configFile, terminal);
  }
  const { config, warnings } = loadConfigWithWarnings({ overlayFile: command.configFile });
  switch (command.kind) {
    case 'check-config':
      tell(warnings, terminal);
      terminal.out('configuration is valid\n');
      return 0;
    case 'print-config':
      terminal.out(printConfig(config));
      return 0;
    case 'migrate':
      return migrate({ config, warnings });
    case 'run': {
      // Loaded late, so that checking a configuration does not wait for the whole program.
      const { bootstrap } = await import('./bootstrap.js');
      await bootstrap({ config, warnings, role: command.role, pipelineId: command.pipelineId });
      return undefined;
    }
  }
}

/** The key comes first: nobody should type a secret in vain. */
async function encrypt(overlayFile: string | undefined, terminal: Terminal): Promise<number> {
  const { key, warnings } = loadEncryptionKey({ overlayFile });
  tell(warnings, terminal);
  terminal.out(`\${enc:${encryptSecret(await terminal.readSecret(), key)}}\n`);
  return 0;
}

function tell(warnings: readonly ConfigWarning[], terminal: Terminal): void {
  warnings.forEach((warning) => terminal.err(`warning: ${describeFault(warning)}\n`));
}

async function migrate({ config, warnings }: LoadedConfig): Promise<number> {
  const { name: service, version } = readBuildInfo();
  const secrets = secretValuesOf(config);
  const logger = createLogger({ config: config.log, service, role: 'migrate', version, secrets });
  logConfigWarnings(warnings, logger);
  const { runMigrations } = await import('../platform/database/migrate.js');
  try {
    const applied = await runMigrations(config.database, logger);
    logger.info({ applied }, applied.length === 0 ? 'The database is up to date' : 'The database was migrated');
    return 0;
  } catch (error) {
    logger.fatal(`Cannot migrate the database: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}
