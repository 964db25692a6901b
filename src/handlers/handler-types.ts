import type { HandlerType } from './handler-type.js';
import { convertHandler } from './types/convert.js';
import { csvHandler } from './types/csv.js';
import { dateHandler } from './types/date.js';
import { dissectHandler } from './types/dissect.js';
import { dropHandler } from './types/drop.js';
import { grokHandler } from './types/grok.js';
import { hashHandler } from './types/hash.js';
import { jsonHandler } from './types/json.js';
import { jsonataHandler } from './types/jsonata.js';
import { keepHandler } from './types/keep.js';
import { kvHandler } from './types/kv.js';
import { lowercaseHandler } from './types/lowercase.js';
import { redactHandler } from './types/redact.js';
import { rejectHandler } from './types/reject.js';
import { removeHandler } from './types/remove.js';
import { renameHandler } from './types/rename.js';
import { replaceHandler } from './types/replace.js';
import { routeHandler } from './types/route.js';
import { setHandler } from './types/set.js';
import { trimHandler } from './types/trim.js';
import { uppercaseHandler } from './types/uppercase.js';

const types: readonly object[] = [
  convertHandler,
  csvHandler,
  dateHandler,
  dissectHandler,
  dropHandler,
  grokHandler,
  hashHandler,
  jsonHandler,
  jsonataHandler,
  keepHandler,
  kvHandler,
  lowercaseHandler,
  redactHandler,
  rejectHandler,
  removeHandler,
  renameHandler,
  replaceHandler,
  routeHandler,
  setHandler,
  trimHandler,
  uppercaseHandler,
];

/** Every type of handler, by its name. */
export const HANDLER_TYPES: ReadonlyMap<string, HandlerType> = new Map(
  (types as HandlerType[]).map((type) => [type.type, type]),
);
