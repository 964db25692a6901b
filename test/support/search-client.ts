import { openSearchUrl } from './environment.js';
import { hitsOf } from './search-hits.js';

const pageSize = 5000;
const scroll = '1m';

/** OpenSearch as a consumer of the documents sees it. */
export class SearchClient {
  /** Every document of the alias: its exact source by its id. Includes what was written a moment ago. */
  async documents(alias: string): Promise<Map<string, string>> {
    await this.request('POST', `/${alias}/_refresh`);
    const found = new Map<string, string>();
    let page = await this.request('POST', `/${alias}/_search?scroll=${scroll}`, { size: pageSize, sort: ['_doc'] });
    for (;;) {
      const { scrollId, hits } = hitsOf(page);
      hits.forEach(({ id, source }) => found.set(id, source));
      if (hits.length === 0) {
        await this.request('DELETE', '/_search/scroll', { scroll_id: scrollId });
        return found;
      }
      page = await this.request('POST', '/_search/scroll', { scroll, scroll_id: scrollId });
    }
  }

  /** How many documents can be found now; 0 when there is no such alias. */
  async count(alias: string): Promise<number> {
    await this.request('POST', `/${alias}/_refresh?ignore_unavailable=true`);
    const answer = JSON.parse(await this.request('GET', `/${alias}/_count?ignore_unavailable=true`)) as {
      count: number;
    };
    return answer.count;
  }

  /** Makes an index base as an administrator does: an index with the alias, and nothing said about its fields. */
  async createBase(base: string): Promise<void> {
    await this.request('PUT', `/mdl-${base}-000001`, { aliases: { [`mdl-${base}`]: { is_write_index: true } } });
  }

  /** Refuses writes to the base, as OpenSearch does by itself when its disk is nearly full, or allows them again. */
  async blockWrites(base: string, isBlocked: boolean): Promise<void> {
    await this.request('PUT', `/mdl-${base}/_settings`, { 'index.blocks.read_only_allow_delete': isBlocked || null });
  }

  async hasAlias(alias: string): Promise<boolean> {
    const { ok } = await fetch(`${openSearchUrl()}/_alias/${alias}`);
    return ok;
  }

  async hasTemplate(name: string): Promise<boolean> {
    const { ok } = await fetch(`${openSearchUrl()}/_index_template/${name}`);
    return ok;
  }

  /** Index bases whose type begins so: their indices, aliases and templates. */
  async removeBases(prefix: string): Promise<void> {
    const indices = JSON.parse(await this.request('GET', `/_cat/indices/mdl-${prefix}*?format=json&h=index`)) as {
      index: string;
    }[];
    for (const { index } of indices) {
      await this.request('DELETE', `/${index}`);
    }
    await fetch(`${openSearchUrl()}/_index_template/mdl-${prefix}*`, { method: 'DELETE' });
  }

  private async request(method: string, path: string, body?: object): Promise<string> {
    const response = await fetch(openSearchUrl() + path, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`OpenSearch answered ${response.status} to ${method} ${path}: ${text.slice(0, 500)}`);
    }
    return text;
  }
}
