/** Asked for every few seconds by machines. */
const PROBES = /(?:\/health(?:\/live|\/ready)?|\/metrics)$/;

/** True of the addresses of health and metrics, with or without a query. */
export function isProbe(url: string): boolean {
  return PROBES.test(url.split('?', 1)[0] ?? '');
}
