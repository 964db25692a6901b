import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the range from which kernels take ports for outgoing connections (32768 on Linux), so that a port that was
// left for a moment, between down and up, is still free afterwards.
const lowestPort = 20_000;
const highestPort = 32_000;

/** True when a server on 127.0.0.1 could take the port now. */
export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen({ port, host: '127.0.0.1', exclusive: true });
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

/**
 * A free port for each name: the one in `wanted` when nobody has taken it, else a random one outside `reserved`. Nothing
 * holds them until the service listens: whoever starts it must cope with a stranger that was faster.
 */
export async function choosePorts(
  names: readonly string[],
  wanted: Readonly<Record<string, number>>,
  reserved: readonly number[],
): Promise<Record<string, number>> {
  const chosen: Record<string, number> = {};
  for (const name of names) {
    let port = wanted[name] ?? randomPort(reserved);
    while (Object.values(chosen).includes(port) || !(await isPortFree(port))) port = randomPort(reserved);
    chosen[name] = port;
  }
  return chosen;
}

function randomPort(reserved: readonly number[]): number {
  const port = lowestPort + Math.floor(Math.random() * (highestPort - lowestPort));
  return reserved.includes(port) ? randomPort(reserved) : port;
}
