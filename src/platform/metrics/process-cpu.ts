import type { Registry } from 'prom-client';
import { Counter } from './prometheus-client.js';

/** The CPU time of the process, threads included, under the names of prom-client's default metrics. */
export function collectProcessCpu(registry: Registry): void {
  const counter = (name: string, help: string, collect?: () => void) =>
    new Counter({ name, help, registers: [registry], collect });
  let counted = process.cpuUsage();
  // The first to be read, so that its call brings all three up to date.
  const user = counter('process_cpu_user_seconds_total', 'Total user CPU time spent in seconds.', () => {
    const now = process.cpuUsage();
    const userSec = (now.user - counted.user) / 1e6;
    const systemSec = (now.system - counted.system) / 1e6;
    counted = now;
    user.inc(userSec);
    system.inc(systemSec);
    total.inc(userSec + systemSec);
  });
  const system = counter('process_cpu_system_seconds_total', 'Total system CPU time spent in seconds.');
  const total = counter('process_cpu_seconds_total', 'Total user and system CPU time spent in seconds.');
}
