import type { KafkaFault } from '../../platform/kafka/wire/kafka-fault.js';
import { TaskFault } from './task-fault.js';
import type { WaitingCause } from './waiting-cause.js';

const TOPIC_IS_MISSING: ReadonlySet<string> = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_ID']);

/** A transient fault of Kafka, reached by these `brokers`, in the words of who mends it if it does not pass by itself. */
export function waitingForKafka(fault: KafkaFault, brokers: string): WaitingCause {
  if (TOPIC_IS_MISSING.has(fault.code)) {
    return { code: 'KAFKA_TOPIC_MISSING', text: `${fault.message}: make the topic again, or delete the pipeline` };
  }
  const remedy =
    fault.code === 'NETWORK'
      ? 'check that they run, and that the worker reaches them at mq.mqHost, mq.mqPort and their advertised.listeners'
      : 'it passes when they have settled; check that all of them run and their replicas are in sync';
  return { code: 'KAFKA_UNAVAILABLE', text: `${fault.message} (brokers ${brokers}): ${remedy}` };
}

/** A fault of Kafka that ends the run: waiting alone does not mend it. */
export function endedByKafka(fault: KafkaFault): TaskFault {
  switch (fault.kind) {
    case 'authorization': {
      const text = `${fault.message}: check mq.username, mq.password and the ACLs of this user`;
      return new TaskFault('KAFKA_ACCESS_DENIED', text, false, fault);
    }
    case 'refused':
      // Its text names the settings.
      return new TaskFault('KAFKA_CONNECTION_REFUSED', fault.message, false, fault);
    case 'transient':
    case 'rebalance':
    case 'fenced':
    case 'record':
    case 'fatal': {
      const text = `${fault.message} (${fault.code}): look up the code, and see the log of the worker and of the broker`;
      return new TaskFault('KAFKA_REFUSED', text, false, fault);
    }
  }
}
