import type { HandlerConfig } from '../../src/domain/pipeline.js';

const escaped = (name: string): string => name.replaceAll('.', '\\.');
const userAgent = `attributes.${escaped('user_agent.original')}`;

/** Ten handlers as people write them for logs, in an order in which the first one, five, ten make sense. */
export const benchedHandlers = [
  { type: 'set', field: 'environment', value: 'production' },
  { type: 'rename', from: 'severityText', to: 'level' },
  { type: 'lowercase', fields: ['level'] },
  { type: 'drop', when: { field: 'level', equals: 'trace' } },
  { type: 'remove', fields: ['flags'] },
  { type: 'convert', field: `attributes.${escaped('http.response.status_code')}`, to: 'string' },
  { type: 'set', field: 'summary', template: `{level} {resource.${escaped('service.name')}}` },
  { type: 'reject', reason: 'no body', when: { not: { field: 'body', exists: true } } },
  { type: 'redact', fields: [userAgent] },
  { type: 'set', field: 'trace', copy_from: 'traceId', overwrite: false },
];

/** One of each kind of work by itself. */
export const singleHandlers: Record<string, HandlerConfig> = {
  'condition that is false': { type: 'drop', when: { field: 'severityText', equals: 'TRACE' } },
  'set a constant': { type: 'set', field: 'environment', value: 'production' },
  'set a template': { type: 'set', field: 'summary', template: '{severityText} {traceId}' },
  rename: { type: 'rename', from: 'severityText', to: 'level' },
  remove: { type: 'remove', fields: ['flags'] },
  'remove what is not there': { type: 'remove', fields: ['debug'] },
  convert: { type: 'convert', field: 'severityNumber', to: 'string' },
  lowercase: { type: 'lowercase', fields: ['severityText'] },
  'keep three fields': { type: 'keep', fields: ['body', 'severityText', 'traceId'] },
  'redact a field': { type: 'redact', fields: [userAgent] },
  date: { type: 'date', field: '@timestamp', formats: ['iso8601'], target: 'seen' },
  hash: { type: 'hash', fields: ['spanId'] },
  dissect: { type: 'dissect', field: 'body', pattern: '%{first} %{rest}' },
  grok: { type: 'grok', field: 'body', patterns: ['^%{WORD:verb} %{GREEDYDATA:rest}$'] },
  'redact e-mail addresses': { type: 'redact', presets: ['email'], within: ['body'] },
  jsonata: { type: 'jsonata', expression: 'severityNumber * 2', target: 'doubled' },
};
