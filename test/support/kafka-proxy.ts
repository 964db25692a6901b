import { kafkaBrokers } from './environment.js';
import { FreezableProxy } from './freezable-proxy.js';

/** Stands between clients and the only broker; clients that ask where it is are told of the proxy. */
export async function kafkaProxy(): Promise<FreezableProxy> {
  const [host = '', port = ''] = kafkaBrokers()[0]?.split(':') ?? [];
  return FreezableProxy.to(host, Number(port), '127.0.0.1', (answer, ownPort) => {
    const told = address(host, Number(port));
    for (let at = answer.indexOf(told); at >= 0; at = answer.indexOf(told, at + told.length)) {
      address(host, ownPort).copy(answer, at);
    }
    return answer;
  });
}

/** As Kafka's protocol writes it: the text, then four bytes. */
function address(host: string, port: number): Buffer {
  const portBytes = Buffer.alloc(4);
  portBytes.writeInt32BE(port);
  return Buffer.concat([Buffer.from(host), portBytes]);
}
