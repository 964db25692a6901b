import type { HandlerType } from './handler-type.js';
import { dissectHandler } from './types/dissect.js';
import { dropHandler } from './types/drop.js';
import { grokHandler } from './types/grok.js';
import { hashHandler } from './types/hash.js';
import { jsonataHandler } from './types/jsonata.js';
import { redactHandler } from './types/redact.js';
import { rejectHandler } from './types/reject.js';
import { removeHandler } from './types/remove.js';
import { renameHandler } from './types/rename.js';
import { replaceHandler } from './types/replace.js';
import { routeHandler } from './types/route.js';

const types: readonly object[] = [
  dissectHandler,
  dropHandler,
  grokHandler,
  hashHandler,
  jsonataHandler,
  redactHandler,
  rejectHandler,
  removeHandler,
  renameHandler,
  replaceHandler,
  routeHandler,
];

/** Every type of handler, by its name. */
export const HANDLER_TYPES: ReadonlyMap<string, HandlerType> = new Map(
  (types as HandlerType[]).map((type) => [type.type, type]),
);
