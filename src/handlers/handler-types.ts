import type { HandlerType } from './handler-type.js';
import { convertHandler } from './types/convert.js';
import { csvHandler } from './types/csv.js';
import { dateHandler } from './types/date.js';
import { dropHandler } from './types/drop.js';
import { jsonHandler } from './types/json.js';
import { keepHandler } from './types/keep.js';
import { kvHandler } from './types/kv.js';
import { lowercaseHandler } from './types/lowercase.js';
import { removeHandler } from './types/remove.js';
import { renameHandler } from './types/rename.js';
import { setHandler } from './types/set.js';
import { trimHandler } from './types/trim.js';
import { uppercaseHandler } from './types/uppercase.js';

/** Every type of handler, by its name. */
export const HANDLER_TYPES: ReadonlyMap<string, HandlerType> = new Map(
  [
    convertHandler,
    csvHandler,
    dateHandler,
    dropHandler,
    jsonHandler,
    keepHandler,
    kvHandler,
    lowercaseHandler,
    removeHandler,
    renameHandler,
    setHandler,
    trimHandler,
    uppercaseHandler,
  ].map((type) => [type.type, type as HandlerType]),
);
