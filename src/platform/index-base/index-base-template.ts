import { aliasOf, type IndexBase } from '../../domain/index-base.js';

/** Longer strings stay in the document but are not indexed, so that no value is refused as an immense term. */
const KEYWORD_MAX_CHARACTERS = 1024;
/** What the JSON check lets through (levels), so that OpenSearch does not refuse it for its depth. */
const MAX_DEPTH = 200;
/** Twice OpenSearch's own: an integer counts as two fields. A document whose new fields would exceed it is refused. */
const MAX_FIELDS = 2000;

const keyword = { type: 'keyword', ignore_above: KEYWORD_MAX_CHARACTERS };
const text = { type: 'text', fields: { keyword: { type: 'keyword', ignore_above: 256 } } };
const epochMs = { type: 'date', format: 'epoch_millis' };
/**
 * An integer is exact from -2^63 to 2^63-1. A larger one, which a `long` alone would make a reason to refuse the document,
 * is left out of the field and found by its `double`; this holds every number that a double can, a decimal that follows
 * integers too, and refuses what is no number. Column values alone, without points, cost the least.
 */
const integer = {
  type: 'long',
  ignore_malformed: true,
  fields: { double: { type: 'double', index: false } },
};
/** OpenSearch's own choice is a float of 24 bits, which refuses everything above 3.4e38. */
const decimal = { type: 'double' };

/** Template of every index of a base: `mdl-<base>-*`. */
export function indexBaseTemplate(base: IndexBase): object {
  return {
    index_patterns: [`${aliasOf(base.baseType)}-*`],
    // Patterns of bases such as `app` and `app-web` overlap: the longer name is the right one.
    priority: 200 + base.baseType.length,
    template: {
      settings: {
        index: {
          number_of_shards: 1,
          auto_expand_replicas: '0-1',
          mapping: { total_fields: { limit: MAX_FIELDS }, depth: { limit: MAX_DEPTH } },
        },
      },
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
      { strings: { match_mapping_type: 'string', mapping: keyword } },
      { integers: { match_mapping_type: 'long', mapping: integer } },
      { decimals: { match_mapping_type: 'double', mapping: decimal } },
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
