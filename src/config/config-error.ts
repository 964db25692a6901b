import { type ConfigFault, describeFault } from './config-fault.js';

/** The configuration cannot be used. Holds every fault found, never empty; the message has one line for each. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly ConfigFault[]) {
    super(faults.map(describeFault).join('\n'));
    this.name = 'ConfigError';
  }
}
