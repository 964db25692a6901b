import { createRequire } from 'node:module';

/** The part of a kafkajs consumer that is a member of the group. */
export interface JoiningGroup {
  /** Null or empty: the coordinator gives one. */
  memberId: string | null;
}

interface ConsumerGroup extends JoiningGroup {
  instrumentationEmitter: { emit(event: string, payload: unknown): void };
  connect(): Promise<void>;
}

/**
 * kafkajs 2.2.4 forgets its member id when it crashes, which it does whenever the coordinator is out of reach for some
 * seconds. Who comes back with a new id waits until the session of the old one has ended: up to sessionTimeoutMs without
 * any partition, after each restart of a broker. This emits a CONNECT event with the joining group as its payload, so that
 * a consumer that comes back can be given the id that it had. Imported for its effect, before any client is made.
 */
const { prototype } = createRequire(import.meta.url)('kafkajs/src/consumer/consumerGroup.js') as {
  prototype: ConsumerGroup;
};
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
const original = prototype.connect;

prototype.connect = async function (this: ConsumerGroup): Promise<void> {
  this.instrumentationEmitter.emit('consumer.connect', this);
  await original.call(this);
};
