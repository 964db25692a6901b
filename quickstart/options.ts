import { parseArgs } from 'node:util';

import { QuickstartError } from './quickstart-error.ts';

export interface Options {
  help: boolean;
  /** Feed a bounded amount, verify all of it, end. */
  once: boolean;
  /** Change a document before verifying, so that the verification has to fail. */
  falsify: boolean;
  /** Leave data and logs of the services on disk at the end. */
  keep: boolean;
  /** False: take dist/ as it is. */
  build: boolean;
  /** Name of the sandbox. */
  name: string;
}

export const usage = `Usage: npm run quickstart [-- <options>]

Starts Kafka, OpenSearch, MariaDB and the program, makes pipelines and feeds them real logs until Ctrl-C.

  --once         feed a bounded amount, verify it record by record, end with 0 or 1 and one line of JSON
  --falsify      with --once: change one document before verifying, which has to be found
  --keep         leave data and logs in .sandbox/<name> at the end (after a failure they are always left)
  --no-build     take dist/ as it is
  --name <name>  name of the sandbox (default: quickstart); any number of them run side by side`;

/** Reads the words after the program's name. Throws one line for anything that is not understood. */
export function parseOptions(words: readonly string[]): Options {
  const { values } = parse(words);
  const options: Options = {
    help: values.help ?? false,
    once: values.once ?? false,
    falsify: values.falsify ?? false,
    keep: values.keep ?? false,
    build: !(values['no-build'] ?? false),
    name: values.name ?? 'quickstart',
  };
  if (options.falsify && !options.once) throw new QuickstartError('--falsify belongs to --once, which verifies');
  return options;
}

function parse(words: readonly string[]) {
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...words],
      options: {
        ...{ once: flag, falsify: flag, keep: flag, 'no-build': flag, help: { ...flag, short: 'h' } },
        name: { type: 'string' },
      },
    });
  } catch (error) {
    throw new QuickstartError(error instanceof Error ? error.message : String(error));
  }
}
