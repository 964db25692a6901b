import { pino } from 'pino';
import type { KafkaConnection } from './kafka-connection.js';
import { Deadline } from './deadline.js';
import { KafkaSession } from './kafkajs-client.js';
import { KafkajsLog } from './kafkajs-log.js';

/** Port 1 is nobody's: what connects there is refused at once. */
const connection: KafkaConnection = {
  ...{ brokers: ['127.0.0.1:1'], clientId: 'spec', requestTimeoutMs: 1000, adminTimeoutMs: 1000 },
};

describe('a client that was given up', () => {
  it('tells those whose calls end by it why, as the first of them met it', async () => {
    const session = new KafkaSession(connection, new KafkajsLog(pino({ level: 'silent' })));
    const why = new Error('connect ECONNREFUSED 127.0.0.1:1');
    session.abandon(why);
    session.abandon(new Error('something later'));

    const fault: unknown = await session.kafka
      .admin()
      .connect()
      .catch((error: unknown) => error);

    expect(fault).toMatchObject({ message: expect.stringContaining('given up') as string });
    expect(session.reasonOf(fault)).toBe(why);
  });

  it('leaves alone what a broker answered', () => {
    const session = new KafkaSession(connection, new KafkajsLog(pino({ level: 'silent' })));
    session.abandon(new Error('connect ECONNREFUSED 127.0.0.1:1'));
    const answer = new Error('This server does not host this topic-partition');
    expect(session.reasonOf(answer)).toBe(answer);
  });

  it('says of a call whose time was up nothing that it does not know', async () => {
    const session = new KafkaSession(connection, new KafkajsLog(pino({ level: 'silent' })));
    const fault: unknown = await new Deadline(0).race(new Promise(() => undefined)).catch((error: unknown) => error);
    expect(session.reasonOf(fault)).toBe(fault);
  });
});
