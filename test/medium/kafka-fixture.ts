import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { TopicNames } from '../../src/domain/topic-names.js';
import type { KafkaConnection } from '../../src/platform/kafka/kafka-connection.js';
import { KafkaFault } from '../../src/platform/kafka/wire/kafka-fault.js';

const DEADLINE_MS = 20_000;
const POLL_MS = 20;

/** The broker that the sandbox gave; a test without one is a mistake, not a pass. */
export function testConnection(changes: Partial<KafkaConnection> = {}): KafkaConnection {
  const brokers = process.env.KAFKA_BROKERS?.split(',');
  if (!brokers) {
    throw new Error('KAFKA_BROKERS is not set: start a sandbox and pass its environment');
  }
  return { brokers, clientId: 'medium-test', requestTimeoutMs: 10_000, adminTimeoutMs: 10_000, ...changes };
}

/** Names that no other test uses. */
export function uniqueNames(): TopicNames {
  return new TopicNames({
    tenant: `t${randomUUID().slice(0, 8)}`,
    input: '<tenant>.sdp.<id>.input',
    error: '<tenant>.sdp.<id>.error',
    output: '<tenant>.mdl.process.<index_base>',
    control: '<tenant>.sdp.control',
    status: '<tenant>.sdp.status',
    group: '<tenant>.sdp.<id>',
  });
}

export interface LogLine {
  level: number;
  msg: string;
  [field: string]: unknown;
}

/** A logger whose lines (warnings and above) can be looked at. */
export function recordingLogger(): { logger: pino.Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => lines.push(JSON.parse(line) as LogLine) });
  return { logger, lines };
}

/** Waits for the condition; `what` says what did not happen when the deadline passes. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const endsAt = performance.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (performance.now() > endsAt) {
      throw new Error(`did not happen within ${DEADLINE_MS} ms: ${what}`);
    }
    await delay(POLL_MS);
  }
}

/**
 * Waits until the call succeeds; a fault that does not pass by itself is thrown. A broker that has just started makes its
 * internal topics at the first question for a coordinator.
 */
export async function untilAnswered<T>(what: string, call: () => Promise<T>): Promise<void> {
  await until(what, async () => {
    try {
      await call();
      return true;
    } catch (error) {
      if (error instanceof KafkaFault && error.kind === 'transient') {
        return false;
      }
      throw error;
    }
  });
}
