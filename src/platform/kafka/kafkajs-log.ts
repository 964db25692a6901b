import { logLevel, type logCreator } from 'kafkajs';
import { alike } from '../logging/alike.js';
import type { Logger } from '../logging/logger.js';
import { RepeatingFault } from '../logging/repeating-fault.js';

/** True of how kafkajs is meant to be used, not of how it is used here: a failed producer is replaced, not kept. */
const MOOT = /^Limiting retries for the idempotent producer/;

/** An answer of Kafka that is a fault for kafkajs is thrown too; often it is what was asked (does this topic exist?). */
const ANSWER = /^Response /;

/** Its answer holds what the password can be guessed from. */
const LOGIN_ANSWER = /^Response SaslAuthenticate/;

/**
 * kafkajs' log lines in ours: its errors and warnings are warnings (it retries by itself; what remains is thrown, and logged
 * by whoever asked), the rest is debug. One for all clients that follow each other, so that a fault that outlasts them is
 * still logged once a minute.
 */
export class KafkajsLog {
  private readonly faults: RepeatingFault;

  constructor(private readonly logger: Logger) {
    this.faults = new RepeatingFault(logger);
  }

  /** A client keeps the level that it was made with: all of it comes here, and our level, which may change, decides. */
  readonly level = logLevel.DEBUG;

  /** Kafka does what it was asked to: what was reported is over. */
  recovered(): void {
    this.faults.endAll({}, 'kafka client: Kafka answers again');
  }

  /** `isMuted` silences a client that was given up on purpose. */
  creator(isMuted: () => boolean): logCreator {
    return () =>
      ({ namespace, level, log }) => {
        const { message, timestamp: _timestamp, logger: _logger, stack: _stack, ...fields } = log;
        if (isMuted() || MOOT.test(message)) {
          return;
        }
        if (LOGIN_ANSWER.test(message)) {
          delete fields.data;
        }
        const text = `kafka client ${namespace}: ${message}`;
        if ((level === logLevel.ERROR || level === logLevel.WARN) && !ANSWER.test(message)) {
          this.faults.report(alike(text), fields, text);
        } else {
          this.logger.debug(fields, text);
        }
      };
  }
}
