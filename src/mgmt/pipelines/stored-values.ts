import type { DeploymentConfig, Isolation } from '../../domain/pipeline.js';

/** As the replaced service wrote it, and what is ours. */
export interface StoredDeployment {
  cpu_limit?: number;
  memory_limit?: number;
  parallelism?: number;
  isolation?: Isolation;
}

/** A value of a row, and what is odd about it; undefined when nothing is. */
export interface Read<T> {
  value: T;
  oddity: string | undefined;
}

const DEFAULTS: DeploymentConfig = { cpuLimit: 1, memoryLimitMiB: 1024, parallelism: 1, isolation: 'shared' };

/**
 * Text of f_deployment_config. A member that is missing has its default; one that cannot be understood too, and is odd:
 * a row that an older service, or somebody by hand, has left must not keep all others from being read.
 */
export function readDeployment(text: string | null): Read<DeploymentConfig> {
  const stored = parsedObject(text === null || text === '' ? '{}' : text);
  if (!stored) {
    return { value: DEFAULTS, oddity: 'f_deployment_config is not a JSON object' };
  }
  const odd: string[] = [];
  const whole = (name: string, fallback: number) => {
    const value = stored[name] ?? fallback;
    if (Number.isInteger(value) && Number(value) > 0) {
      return Number(value);
    }
    odd.push(name);
    return fallback;
  };
  const { cpuLimit, memoryLimitMiB, parallelism } = DEFAULTS;
  const value = {
    cpuLimit: whole('cpu_limit', cpuLimit),
    memoryLimitMiB: whole('memory_limit', memoryLimitMiB),
    parallelism: whole('parallelism', parallelism),
    isolation: stored['isolation'] === 'dedicated' ? ('dedicated' as const) : DEFAULTS.isolation,
  };
  return { value, oddity: odd.length > 0 ? `f_deployment_config has no usable ${odd.join(', ')}` : undefined };
}

/** `"a","b"`, with or without brackets, or `a,b`. Tags hold neither quotes nor commas. */
export function readTags(text: string | null): string[] {
  const quoted = [...(text ?? '').matchAll(/"([^"]*)"/g)].map(([, tag = '']) => tag);
  return quoted.length > 0 ? quoted : (text ?? '').replaceAll(/[[\]]/g, '').split(',').filter(Boolean);
}

function parsedObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
