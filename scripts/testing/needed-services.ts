import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { serviceNames, type ServiceName } from '../../sandbox/service-name.ts';

/** By its address in the environment, or the program's setting for it, a test shows that it uses a service. */
const variables: Readonly<Record<ServiceName, RegExp>> = {
  kafka: /KAFKA_BROKERS|SDP_MQ_/,
  opensearch: /OPENSEARCH_URL|SDP_OPENSEARCH_NODES/,
  mariadb: /DATABASE_URL|SDP_DATABASE_/,
};

/**
 * The services that the test files, or the test support they import, ask the environment for; all of them when a file asks
 * for none, since it may reach them through the program. In a fixed order.
 */
export function neededServices(testFiles: readonly string[]): readonly ServiceName[] {
  const found = testFiles.map((file) => mentionedIn(withImports(file)));
  if (found.some((names) => names.length === 0)) return serviceNames;
  return serviceNames.filter((name) => found.flat().includes(name));
}

function mentionedIn(files: ReadonlyMap<string, string>): ServiceName[] {
  const text = [...files.values()].join('\n');
  return serviceNames.filter((name) => variables[name].test(text));
}

/** The file and what it imports by relative paths within the tests, as text by path. */
function withImports(file: string, found = new Map<string, string>()): Map<string, string> {
  if (found.has(file) || !existsSync(file)) return found;
  const text = readFileSync(file, 'utf8');
  found.set(file, text);
  for (const [, path = ''] of text.matchAll(/from '(\.{1,2}\/[^']+)'/g)) {
    const imported = resolve(dirname(file), path.replace(/\.js$/, '.ts'));
    // The sandbox names the addresses of all services; importing it does not mean using them.
    if (imported.includes('/test/')) withImports(imported, found);
  }
  return found;
}
