import { request as httpRequest, type Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';

export interface ExchangeRequest {
  method: 'GET' | 'POST';
  url: URL;
  headers: Readonly<Record<string, string | number>>;
  body?: Buffer;
  agent: Agent;
  /** For all of it, from here to the last byte of the answer. */
  timeoutMs: number;
  /** For the connection alone, with the handshake of TLS. */
  connectTimeoutMs: number;
  /** A longer answer is cut off, which is a fault. */
  maxAnswerBytes: number;
}

export interface ExchangeAnswer {
  kind: 'answer';
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

export interface ExchangeFault {
  kind: 'fault';
  error: Error;
  /** False when the other side certainly got nothing of the request; else nobody knows what it did with it. */
  wasSent: boolean;
  /** True when a kept-alive connection had ended, which says nothing of the node. */
  isStale: boolean;
}

export type ExchangeOutcome = ExchangeAnswer | ExchangeFault;

/** One request to one node, as an outcome: it never throws. The body goes out as it is, without a copy. */
export class HttpExchange {
  private readonly outcome = Promise.withResolvers<ExchangeOutcome>();
  private readonly timers: NodeJS.Timeout[] = [];
  private outgoing: ClientRequest | undefined;
  private isConnected = false;

  constructor(private readonly request: ExchangeRequest) {}

  /** To be called once. */
  run(): Promise<ExchangeOutcome> {
    const { method, url, headers, agent, body, timeoutMs } = this.request;
    const call = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const outgoing = call(url, { method, headers, agent }, (incoming) => this.collect(incoming));
    this.outgoing = outgoing;
    outgoing.on('error', (error) => this.fail(error));
    outgoing.once('socket', (socket) => this.watch(socket));
    // One deadline for the whole exchange: a node that sends a byte now and then must not hold a bulk for ever.
    this.failAfter(timeoutMs, `no answer within ${Math.round(timeoutMs)} ms`);
    outgoing.end(body);
    return this.outcome.promise;
  }

  /** What is written before the connection stands is kept back, so nothing was sent until then. */
  private watch(socket: Socket): void {
    const { connectTimeoutMs, url } = this.request;
    const { connecting, secureConnecting } = socket as Socket & { secureConnecting?: boolean };
    if (!connecting && secureConnecting !== true) {
      this.isConnected = true;
      return;
    }
    const timer = this.failAfter(connectTimeoutMs, `no connection within ${Math.round(connectTimeoutMs)} ms`);
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      this.isConnected = true;
      clearTimeout(timer);
    });
  }

  private collect(incoming: IncomingMessage): void {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > this.request.maxAnswerBytes) {
        this.fail(tooLarge(this.request.maxAnswerBytes));
      }
      chunks.push(chunk);
    });
    incoming.on('error', (error) => this.fail(error));
    incoming.on('end', () => {
      if (!incoming.complete) {
        this.fail(new Error('the answer ended early'));
        return;
      }
      const { statusCode: status = 0, headers } = incoming;
      this.settle({ kind: 'answer', status, headers, body: Buffer.concat(chunks, size) });
    });
  }

  private failAfter(ms: number, message: string): NodeJS.Timeout {
    const timer = setTimeout(() => this.fail(new Error(message)), ms);
    this.timers.push(timer);
    return timer;
  }

  private fail(error: Error): void {
    const { code } = error as NodeJS.ErrnoException;
    const isReset = code === 'ECONNRESET' || code === 'EPIPE';
    const isStale = isReset && this.outgoing?.reusedSocket === true;
    this.settle({ kind: 'fault', error, wasSent: this.isConnected, isStale });
    this.outgoing?.destroy();
  }

  private settle(outcome: ExchangeOutcome): void {
    this.timers.forEach((timer) => clearTimeout(timer));
    this.outcome.resolve(outcome);
  }
}

/** With the code by which the expansion of a compressed answer says the same. */
function tooLarge(maxBytes: number): Error {
  return Object.assign(new Error(`an answer of more than ${maxBytes} bytes`), { code: 'ERR_BUFFER_TOO_LARGE' });
}
