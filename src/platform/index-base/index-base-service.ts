import { setTimeout as delay } from 'node:timers/promises';
import type { IndexBaseConfig } from '../../config/index-base-config.js';
import { CodedError } from '../../domain/coded-error.js';
import type { IndexBase } from '../../domain/index-base.js';
import { peerFault } from '../opensearch/connection-fault.js';
import { type ExchangeAnswer, type ExchangeFault, HttpExchange } from '../opensearch/http-exchange.js';
import { NodeAgents } from '../opensearch/node-agents.js';
import { INDEX_BASE_ERROR, INDEX_BASE_UNAVAILABLE } from './index-base-provider.js';
import { parseBaseAnswer } from './parse-base-answer.js';

export type IndexBaseServiceConfig = Pick<IndexBaseConfig, 'url' | 'token' | 'timeoutMs' | 'retries' | 'tls'>;

const SETTINGS = { section: 'indexBase.tls', address: 'indexBase.url' };
/** A few fields of a few bases; more is not an answer to the question. */
const MAX_ANSWER_BYTES = 1024 * 1024;
const MAX_SOCKETS = 10;
const FIRST_RETRY_MS = 100;
const BUSY: ReadonlySet<number> = new Set([408, 425, 429]);
/** Faults that are an answer, only not one of HTTP or of a bearable size. */
const STRANGE_FAULT = /^(HPE_|ERR_BUFFER_TOO_LARGE$)/;

/** Why an attempt gave no answer, in words; a repeated one may do better. */
interface Silence {
  silence: string;
}

/**
 * The external index-base service: `GET <indexBase.url>/<base type>` answers base_type, name, data_type and category; 404,
 * or a list without the base, says that there is none. Redirections are not followed: the token is for this address alone.
 */
export class IndexBaseService {
  private readonly agents: NodeAgents;

  constructor(
    private readonly config: IndexBaseServiceConfig,
    private readonly random: () => number = Math.random,
  ) {
    this.agents = new NodeAgents(config.tls, MAX_SOCKETS);
  }

  /** Undefined when there is no such base. Rejects as {@link IndexBaseProvider} says, after `retries` further attempts. */
  async find(baseType: string, retries = this.config.retries): Promise<IndexBase | undefined> {
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.ask(baseType);
      if (!answer || !('silence' in answer)) {
        return answer;
      }
      if (attempt >= retries) {
        throw unavailable(answer.silence);
      }
      await delay(this.random() * FIRST_RETRY_MS * 2 ** attempt);
    }
  }

  /** Ends the connections, also those in use. */
  close(): void {
    this.agents.destroy();
  }

  private async ask(baseType: string): Promise<IndexBase | Silence | undefined> {
    const { token, timeoutMs } = this.config;
    const url = this.addressOf(baseType);
    const outcome = await new HttpExchange({
      method: 'GET',
      url,
      headers: { accept: 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      agent: this.agents.for(url),
      timeoutMs,
      connectTimeoutMs: timeoutMs,
      maxAnswerBytes: MAX_ANSWER_BYTES,
    }).run();
    return outcome.kind === 'answer' ? meaningOf(outcome, baseType, url) : silenceOf(outcome, url);
  }

  private addressOf(baseType: string): URL {
    const url = new URL(this.config.url);
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/${encodeURIComponent(baseType)}`;
    return url;
  }
}

function meaningOf(
  { status, headers, body }: ExchangeAnswer,
  baseType: string,
  url: URL,
): IndexBase | Silence | undefined {
  if (status === 404) {
    return undefined;
  }
  if (BUSY.has(status) || status >= 500) {
    return { silence: `${url.origin} answers ${status}` };
  }
  if (status >= 300 && status < 400) {
    const target = String(headers['location'] ?? 'nowhere');
    throw strange(
      `answers ${status} and points to ${target}: write the address of the service itself in indexBase.url`,
      url,
    );
  }
  if (status === 401 || status === 403) {
    throw strange(`answers ${status}: check indexBase.token, or the client certificate of indexBase.tls`, url);
  }
  if (status !== 200) {
    throw strange(`answers ${status}: check indexBase.url`, url);
  }
  const answer = parseBaseAnswer(body, baseType);
  switch (answer.kind) {
    case 'base':
      return answer.base;
    case 'unknown':
      return undefined;
    case 'nonsense':
      throw strange(`answers what makes no sense (${answer.reason}): check indexBase.url`, url);
  }
}

function silenceOf({ error }: ExchangeFault, url: URL): Silence {
  const told = peerFault(error, url, SETTINGS);
  if (STRANGE_FAULT.test((error as NodeJS.ErrnoException).code ?? '')) {
    throw new CodedError(INDEX_BASE_ERROR, `The index-base service: ${told}`, { cause: error });
  }
  return { silence: told };
}

function strange(told: string, url: URL): CodedError {
  return new CodedError(INDEX_BASE_ERROR, `The index-base service at ${url.origin}${url.pathname} ${told}`);
}

function unavailable(told: string): CodedError {
  const text = `The index-base service does not answer (${told}): check that it runs and is reached, and indexBase.url`;
  return new CodedError(INDEX_BASE_UNAVAILABLE, text, { retryable: true, logLevel: 'warn' });
}
