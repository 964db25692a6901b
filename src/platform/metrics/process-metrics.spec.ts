import { collectDefaultMetrics, Registry } from 'prom-client';
import { MetricsRegistry } from './metrics-registry.js';

/** `# TYPE` lines: what a dashboard may rely on. */
const declared = (text: string) => text.split('\n').filter((line) => line.startsWith('# '));

async function processMetrics(): Promise<string> {
  const registry = new MetricsRegistry();
  registry.collectProcessMetrics();
  return registry.text();
}

describe('the metrics of the process', () => {
  it('are those of prom-client, by name, type and help', async () => {
    const original = new Registry();
    collectDefaultMetrics({ register: original });
    expect(declared(await processMetrics())).toEqual(declared(await original.metrics()));
  });

  it('count the CPU time that was used since they are collected', async () => {
    const registry = new MetricsRegistry();
    registry.collectProcessMetrics();
    const started = process.cpuUsage();
    while (process.cpuUsage(started).user < 20_000) {
      // busy on purpose
    }
    const text = await registry.text();
    const valueOf = (name: string) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
    const [user, system] = [valueOf('process_cpu_user_seconds_total'), valueOf('process_cpu_system_seconds_total')];
    expect(user).toBeGreaterThanOrEqual(0.02);
    expect(valueOf('process_cpu_seconds_total')).toBeCloseTo(user + system, 6);
  });
});
