import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePorts } from '../../sandbox/ports.js';
import { getPrometheusProgram } from '../../sandbox/prometheus.js';
import { logFolder } from './program-process.js';
import { waitUntil } from './wait-until.js';

const requestTimeoutMs = 10_000;

export interface Sample {
  metric: Readonly<Record<string, string>>;
  value: number;
}

export interface ActiveAlert {
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  state: 'pending' | 'firing';
}

export interface PrometheusOptions {
  /** Begins the name of its log file. */
  label: string;
  /** The processes whose metrics it reads, each second unless told otherwise. */
  targets: readonly { url: string; everySec?: number }[];
  /** Text of a rule file. */
  rules: string;
}

/** A real Prometheus that reads the metrics of the program's processes, as the one of an operator does. */
export class PrometheusServer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
    private readonly folder: string,
  ) {}

  static async start({ label, targets, rules }: PrometheusOptions): Promise<PrometheusServer> {
    const program = await getPrometheusProgram('prometheus', { print: () => undefined });
    const { web = 0 } = await choosePorts(['web'], {}, []);
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
    writeFileSync(join(folder, 'rules.yaml'), rules);
    writeFileSync(join(folder, 'prometheus.json'), JSON.stringify(configuration(targets)));
    const logFile = join(logFolder(), `${label}-prometheus-${web}.log`);
    mkdirSync(logFolder(), { recursive: true });
    const log = openSync(logFile, 'a');
    const args = [
      `--config.file=${join(folder, 'prometheus.json')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${web}`,
    ];
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', log, log] });
    closeSync(log);
    const server = new PrometheusServer(child, `http://127.0.0.1:${web}`, folder);
    await waitUntil('Prometheus is ready', () => server.isReady(logFile), {
      seen: () => readFileSync(logFile, 'utf8'),
    });
    return server;
  }

  /** What the expression is now: one sample a series; none when it matches nothing. */
  async query(expression: string): Promise<Sample[]> {
    const { result } = await this.ask<{ result: { metric: Record<string, string>; value: [number, string] }[] }>(
      `query?query=${encodeURIComponent(expression)}`,
    );
    return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  /** The names of all metrics that it has ever read. */
  async metricNames(): Promise<string[]> {
    return this.ask<string[]>('label/__name__/values');
  }

  async firingAlerts(): Promise<ActiveAlert[]> {
    const { alerts } = await this.ask<{ alerts: ActiveAlert[] }>('alerts');
    return alerts.filter(({ state }) => state === 'firing');
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill();
    if (this.child.exitCode === null) {
      await ended;
    }
    rmSync(this.folder, { recursive: true });
  }

  private async isReady(logFile: string): Promise<boolean> {
    if (this.child.exitCode !== null) {
      throw new Error(`Prometheus ended with ${this.child.exitCode}:\n${readFileSync(logFile, 'utf8')}`);
    }
    return fetch(`${this.url}/-/ready`).then(
      ({ ok }) => ok,
      () => false, // not yet: the deadline ends the wait
    );
  }

  private async ask<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}/api/v1/${path}`, { signal: AbortSignal.timeout(requestTimeoutMs) });
    const answer = (await response.json()) as { status: string; data: T; error?: string };
    if (answer.status !== 'success') {
      throw new Error(`Prometheus refused ${decodeURIComponent(path)}: ${answer.error}`);
    }
    return answer.data;
  }
}

/** JSON is YAML. */
function configuration(targets: PrometheusOptions['targets']): object {
  const staticConfigs = targets.map(({ url, everySec = 1 }) => ({
    targets: [new URL(url).host],
    labels: { __scrape_interval__: `${everySec}s`, __scrape_timeout__: `${everySec}s` },
  }));
  return {
    global: { evaluation_interval: '1s' },
    rule_files: ['rules.yaml'],
    scrape_configs: [{ job_name: 'flow-stream-data-pipeline', static_configs: staticConfigs }],
  };
}
