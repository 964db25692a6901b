import { alterUserScramCredentialsV0, Connection, ScramMechanisms } from '@platformatic/kafka';
import { pbkdf2Sync, randomBytes } from 'node:crypto';

import { hostAndPortOf } from '../external.ts';

const timeouts = { connectTimeout: 2000, requestTimeout: 2000 };
// The least that Kafka takes.
const iterations = 4096;

export interface KafkaUser {
  username: string;
  password: string;
}

/** Gives the user a password for both kinds of SCRAM, whatever it had before. The broker knows it some ms later. */
export async function putScramUser(plainBroker: string, user: KafkaUser): Promise<void> {
  const connection = await connectTo(plainBroker);
  const credentials = [
    credentialOf(user, ScramMechanisms.SCRAM_SHA_256, 'sha256', 32),
    // Last, so that who can log in with it can log in with both.
    credentialOf(user, ScramMechanisms.SCRAM_SHA_512, 'sha512', 64),
  ];
  try {
    // Kafka takes one of a user in a request.
    for (const each of credentials) await alterUserScramCredentialsV0.api.async(connection, [], [each]);
  } finally {
    await connection.close();
  }
}

/** Logs in by SCRAM-SHA-512 and leaves again; throws when the broker does not let the user in. */
export async function logIn(saslBroker: string, { username, password }: KafkaUser): Promise<void> {
  const connection = await connectTo(saslBroker, { mechanism: 'SCRAM-SHA-512', username, password });
  await connection.close();
}

async function connectTo(broker: string, sasl?: { mechanism: 'SCRAM-SHA-512' } & KafkaUser): Promise<Connection> {
  const { host, port } = hostAndPortOf('kafka', broker);
  const connection = new Connection('sandbox', { ...timeouts, ...(sasl && { sasl }) });
  // What is wrong is thrown; without a listener an error after the first one would end this program.
  connection.on('error', () => undefined);
  await connection.connect(host, port);
  return connection;
}

function credentialOf({ username, password }: KafkaUser, mechanism: number, digest: string, bytes: number) {
  const salt = randomBytes(16);
  const saltedPassword = pbkdf2Sync(password, salt, iterations, bytes, digest);
  return { name: username, mechanism, iterations, salt, saltedPassword };
}
