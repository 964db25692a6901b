import { stop } from '../../stream/outcome.js';
import type { HandlerType } from '../handler-type.js';

/** Ends the record's way: it is counted as dropped and written nowhere. */
export const dropHandler: HandlerType = {
  type: 'drop',
  description: 'Drops the record: it is counted, and written nowhere. Give it a `when`',
  options: {},
  required: [],
  example: {
    options: { when: { field: 'level', equals: 'debug' } },
    before: '{"level":"debug","message":"cache miss"}',
    after: 'dropped: by a handler',
  },
  compile: () => {
    const dropped = stop('by a handler');
    return () => dropped;
  },
};
