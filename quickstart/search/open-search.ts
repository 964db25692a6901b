import { QuickstartError } from '../quickstart-error.ts';
import { transportFault } from '../transport-fault.ts';
import { parseExactly } from '../verify/exact-json.ts';

const timeoutMs = 30_000;
const pageSize = 1000;
const scrollTime = '2m';

export interface StoredDocument {
  index: string;
  id: string;
  source: Readonly<Record<string, unknown>>;
}

/** What the mapping of an index base says about it. */
export interface BaseFacts {
  dataType: string;
  category: string;
  /** Names of the mapped top-level fields. */
  fields: ReadonlySet<string>;
}

interface Hit {
  _index: string;
  _id: string;
  _source: Record<string, unknown>;
}

/** OpenSearch asked directly, so that the program is not believed but checked. Numbers come as `parseExactly` reads them. */
export class OpenSearch {
  /** Without credentials. */
  readonly url: string;
  readonly #headers: Record<string, string>;

  constructor(address: string) {
    const url = new URL(address);
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    this.#headers = { 'content-type': 'application/json' };
    if (url.username !== '') this.#headers['authorization'] = `Basic ${Buffer.from(credentials).toString('base64')}`;
    url.username = url.password = '';
    this.url = url.href.replace(/\/$/, '');
  }

  /** Documents behind an alias; everything written before the call counts. */
  async count(alias: string): Promise<number> {
    await this.#call('POST', `/${alias}/_refresh`);
    const { count } = (await this.#call('GET', `/${alias}/_count`)) as { count: number };
    return count;
  }

  /** All documents behind an alias, everything written before the call included, in no order. */
  async documents(alias: string): Promise<StoredDocument[]> {
    await this.#call('POST', `/${alias}/_refresh`);
    const documents: StoredDocument[] = [];
    const query = { size: pageSize, sort: ['_doc'], query: { match_all: {} } };
    let page = await this.#page('POST', `/${alias}/_search?scroll=${scrollTime}`, query);
    while (page.hits.length > 0) {
      documents.push(...page.hits);
      page = await this.#page('POST', '/_search/scroll', { scroll: scrollTime, scroll_id: page.scrollId });
    }
    await this.#call('DELETE', '/_search/scroll', { scroll_id: [page.scrollId] });
    return documents;
  }

  /** One document that matches, the newest first; undefined when none does. */
  async findNewest(alias: string, query: object): Promise<StoredDocument | undefined> {
    const found = await this.#page('POST', `/${alias}/_search`, { size: 1, query, sort: [{ __write_time: 'desc' }] });
    return found.hits[0];
  }

  /** The alias has exactly one index behind it as long as nobody rolls it over. */
  async facts(alias: string): Promise<BaseFacts> {
    const answer = (await this.#call('GET', `/${alias}/_mapping`)) as Record<string, { mappings: Mapping }>;
    const mapping = Object.values(answer)[0]?.mappings;
    const { data_type: dataType = '', category = '' } = mapping?._meta ?? {};
    return { dataType, category, fields: new Set(Object.keys(mapping?.properties ?? {})) };
  }

  /** Changes fields of a document. */
  async update({ index, id }: StoredDocument, fields: object): Promise<void> {
    await this.#call('POST', `/${index}/_update/${encodeURIComponent(id)}?refresh=true`, { doc: fields });
  }

  async #page(method: string, path: string, body: object): Promise<{ hits: StoredDocument[]; scrollId: string }> {
    const answer = (await this.#call(method, path, body)) as { _scroll_id?: string; hits: { hits: Hit[] } };
    const hits = answer.hits.hits.map(({ _index, _id, _source }) => ({ index: _index, id: _id, source: _source }));
    return { hits, scrollId: answer._scroll_id ?? '' };
  }

  async #call(method: string, path: string, body?: object): Promise<unknown> {
    const request = { method, headers: this.#headers, signal: AbortSignal.timeout(timeoutMs) };
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(this.url + path, body ? { ...request, body: JSON.stringify(body) } : request);
      text = await answer.text();
    } catch (error) {
      throw new QuickstartError(`OpenSearch at ${this.url} does not answer (${transportFault(error)})`);
    }
    if (answer.ok) return parseExactly(text);
    throw new QuickstartError(`OpenSearch refused ${method} ${path} with ${answer.status}: ${text.slice(0, 300)}`);
  }
}

interface Mapping {
  _meta?: { data_type?: string; category?: string };
  properties?: Record<string, unknown>;
}
