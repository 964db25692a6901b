export const VARIABLE_PREFIX = 'SDP_';

/** The environment variable of a setting: `kafka.names.tenant` is SDP_KAFKA_NAMES_TENANT. */
export function variableOf(path: string): string {
  return VARIABLE_PREFIX + path.replaceAll('.', '_').toUpperCase();
}
