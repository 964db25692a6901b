/** One thing wrong with the configuration. */
export interface ConfigFault {
  /** Path of the setting, or the key as it was written; empty when the whole source is meant. */
  path: string;
  /** As it may be shown (secrets masked); absent when showing it explains nothing. */
  shown?: string;
  rule: string;
  /** The file (with line) or the environment variable; empty when nobody set the value. */
  origin: string;
}

/** One thing that does not keep the program from starting, but that somebody should know. Never shows a secret. */
export type ConfigWarning = ConfigFault;

export function describeFault(fault: ConfigFault): string {
  const what = [fault.path, fault.shown].filter(Boolean).join(' = ');
  const origin = fault.origin === '' ? 'default' : fault.origin;
  return what === '' ? `${origin}: ${fault.rule}` : `${what}: ${fault.rule} (${origin})`;
}
