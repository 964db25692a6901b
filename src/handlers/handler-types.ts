import type { HandlerType } from './handler-type.js';
import { dropHandler } from './types/drop.js';
import { removeHandler } from './types/remove.js';
import { renameHandler } from './types/rename.js';

/** Every type of handler, by its name. */
export const HANDLER_TYPES: ReadonlyMap<string, HandlerType> = new Map(
  [renameHandler, removeHandler, dropHandler].map((type) => [type.type, type as HandlerType]),
);
