import { aliasOf, type IndexBase } from '../../domain/index-base.js';

/** Longer strings stay in the document but are not indexed, so that no value is refused as an immense term. */
const KEYWORD_MAX_CHARACTERS = 1024;

const keyword = { type: 'keyword', ignore_above: KEYWORD_MAX_CHARACTERS };
const text = { type: 'text', fields: { keyword: { type: 'keyword', ignore_above: 256 } } };
const epochMs = { type: 'date', format: 'epoch_millis' };

/** Template of every index of a base: `mdl-<base>-*`. */
export function indexBaseTemplate(base: IndexBase): object {
  return {
    index_patterns: [`${aliasOf(base.baseType)}-*`],
    // Patterns of bases such as `app` and `app-web` overlap: the longer name is the right one.
    priority: 200 + base.baseType.length,
    template: {
      settings: { index: { number_of_shards: 1, auto_expand_replicas: '0-1' } },
      mappings: mappingsOf(base),
    },
    _meta: { description: `Index base ${base.baseType}` },
  };
}

export function firstIndexOf(baseType: string): string {
  return `${aliasOf(baseType)}-000001`;
}

/** Text that looks like a date stays text: a guess would make the next record of another format a conflict. */
function mappingsOf(base: IndexBase): object {
  return {
    _meta: { data_type: base.dataType, category: base.category },
    date_detection: false,
    dynamic_templates: [
      { own_fields: { match: '__*', match_mapping_type: 'string', mapping: keyword } },
      { strings: { match_mapping_type: 'string', mapping: keyword } },
    ],
    properties: {
      '@timestamp': { type: 'date', format: 'epoch_millis||strict_date_optional_time' },
      __write_time: epochMs,
      __pipeline_id: keyword,
      __index_base: keyword,
      __data_type: keyword,
      __category: keyword,
      __id: keyword,
      __tsid: keyword,
      __routing: keyword,
      message: text,
    },
  };
}
