import { readFileSync } from 'node:fs';

/** Which build this is. A field that nobody recorded is 'unknown'. */
export interface BuildInfo {
  name: string;
  version: string;
  commit: string;
  /** Version of the TypeScript compiler. */
  typescript: string;
}

const UNKNOWN = 'unknown';
// The same places seen from src/platform/health and from dist/platform/health.
const PACKAGE_FILE = new URL('../../../package.json', import.meta.url);
const BUILD_FILE = new URL('../../build-info.json', import.meta.url);

/** From build-info.json, which the build writes beside the program; without a build (a test) from package.json. */
export function readBuildInfo(packageFile: URL = PACKAGE_FILE, buildFile: URL = BUILD_FILE): BuildInfo {
  const { name, version, devDependencies } = readJson(packageFile);
  const build = readJson(buildFile);
  return {
    name: textOf(name),
    version: textOf(build['version'] ?? version),
    commit: textOf(build['commit']),
    typescript: textOf(build['typescript'] ?? (devDependencies as Record<string, unknown> | undefined)?.['typescript']),
  };
}

function readJson(file: URL): Record<string, unknown> {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) ?? {}) as Record<string, unknown>;
  } catch {
    // A missing or torn file must not keep the service from starting: it then says 'unknown'.
    return {};
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : UNKNOWN;
}
