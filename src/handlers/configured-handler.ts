import type { Condition } from './condition.js';

/** What becomes of a record to which a handler cannot be applied. */
export const ON_ERROR = ['reject', 'keep', 'drop'] as const;
export type OnError = (typeof ON_ERROR)[number];

/** One entry of a pipeline's `handlers`; the rest are the options of its type. */
export interface ConfiguredHandler {
  type: string;
  when?: Condition;
  on_error?: OnError;
  [option: string]: unknown;
}

export const MAX_HANDLERS = 50;
