import { creating, type Provocation, putting, type ToldFault } from './provocation.js';

const code = 'InvalidParameter.Handlers';
const drops = Array.from({ length: 51 }, () => ({ type: 'drop' }));

/** When a create with this list is refused, and what it is told. */
function refused(when: string, handlers: unknown, ...faults: ToldFault[]): Provocation {
  return { code, when, request: creating({ handlers }), faults };
}

/** Every fault is told with the place where it stands. */
export const ofHandlers: readonly Provocation[] = [
  refused(
    'handlers are no list',
    { type: 'drop' },
    {
      ...{ field: 'handlers', fault: 'must be a list', limit: 'a list of at most 50 handlers' },
    },
  ),
  refused('there are 51 handlers', drops, {
    field: 'handlers',
    fault: 'has 51 entries; at most 50 are allowed',
  }),
  refused('a handler is a text', ['drop'], {
    field: 'handlers[0].type',
    fault: 'is missing: name the type of the handler',
  }),
  refused('there is no such type of handler', [{ type: 'drop' }, { type: 'geoip' }], {
    field: 'handlers[1].type',
    fault: /^is "geoip", which is no type of handler; there are convert, csv, .*, uppercase$/,
  }),
  refused(
    'options of a handler are missing',
    [{ type: 'grok' }],
    { field: 'handlers[0].field', fault: 'is missing' },
    { field: 'handlers[0].patterns', fault: 'is missing' },
  ),
  refused('a handler has an option that its type does not have', [{ type: 'drop', field: 'a' }], {
    field: 'handlers[0].field',
    fault: 'is not an option of this type',
  }),
  refused('an option of a handler is of another type', [{ type: 'rename', from: 1, to: 'b' }], {
    field: 'handlers[0].from',
    fault: 'must be string',
  }),
  refused('a pattern is none of RE2', [{ type: 'replace', fields: ['a'], pattern: '(a)(?=b)', replacement: '' }], {
    field: 'handlers[0].pattern',
    fault: /^is not a regular expression: .*\(\?=/,
  }),
  refused(
    'a condition is none',
    [{ type: 'drop', when: { all: [{ field: 'a' }] } }],
    {
      field: 'handlers[0].when.all[0]',
      fault: /^is no condition: \{field, exists/,
    },
    { field: 'handlers[0].when', fault: /^is no condition: \{field, exists/ },
  ),
  refused('a handler names a secret that there is not', [{ type: 'hash', fields: ['a'], secret: 'pepper' }], {
    field: 'handlers[0].secret',
    fault: 'is not the name of a secret: define one as name=value in `handlers.secrets`',
  }),
  {
    ...{ code, when: 'a change has a path of a field that is none' },
    request: putting('taken', {
      name: 'Taken',
      use_index_base_in_data: true,
      handlers: [{ type: 'remove', fields: ['a..b'] }],
    }),
    faults: [{ field: 'handlers[0].fields', fault: /^has an empty name/ }],
  },
];
