const OLDEST_MAJOR = 22;

/** What is wrong with this version of Node, as `process.versions.node` has it; undefined: nothing. */
export function nodeFault(version: string): string | undefined {
  return Number.parseInt(version, 10) < OLDEST_MAJOR
    ? `Node ${version} is too old: the service needs Node ${OLDEST_MAJOR} or newer. npm start takes the one that npm ci has installed.`
    : undefined;
}
