import type { Outcome } from '../../src/stream/outcome.js';
import type { History, Step } from './chain-history.js';

/** What has to become of one context of a history, by the rules of the framework alone. */
export interface Expected {
  /** Base handlers that begin, counted from the first. */
  starts: number;
  kind: Outcome['kind'];
  /** When its run is over. */
  endMs: number;
  /** No handler that ran returned a promise. */
  isSync: boolean;
  /** Base handlers that the run went on without. */
  abandoned: ReadonlySet<number>;
  /** Errors of defer handlers: least and most, since those of an abandoned derived run may come too late to be told. */
  deferErrors: readonly [least: number, most: number];
  /** By the position of the base handler that ran it. */
  children: ReadonlyMap<number, Expected>;
}

/** @param outerCutMs when the contexts above it are cancelled or run out of time, at the earliest */
export function expectedOf(told: History, startMs: number, outerCutMs: number): Expected {
  const cutMs = Math.min(outerCutMs, startMs + (told.timeoutMs ?? Infinity), startMs + (told.cancelAtMs ?? Infinity));
  const children = new Map<number, Expected>();
  const base = baseOf(told, startMs, cutMs, children);
  const endMs = base.atMs + told.defer.reduce((sum, { delayMs }) => sum + delayMs, 0);
  const own = told.defer.filter(({ deed }) => deed === 'throw' || deed === 'fail').length;
  const most = own + sumOf([...children.values()].map((child) => child.deferErrors[1]));
  const inTime = [...children].filter(([index]) => !base.abandoned.has(index));
  const least = own + sumOf(inTime.map(([, child]) => child.deferErrors[0]));
  const isSync = base.isSync && !told.defer.some(waits);
  return { ...base, endMs, isSync, deferErrors: [least, most], children };
}

type BaseEnd = Pick<Expected, 'starts' | 'kind' | 'isSync' | 'abandoned'> & { atMs: number };

function baseOf(told: History, startMs: number, cutMs: number, children: Map<number, Expected>): BaseEnd {
  let atMs = startMs;
  let isSync = true;
  if (cutMs <= startMs) {
    return { starts: 0, kind: 'fail', isSync, abandoned: new Set(), atMs };
  }
  for (const [index, step] of told.base.entries()) {
    const starts = index + 1;
    const child = step.deed === 'child' && step.child ? expectedOf(step.child, atMs, cutMs) : undefined;
    if (child) {
      children.set(index, child);
    }
    isSync &&= child ? child.isSync : !waits(step);
    const endMs = child?.endMs ?? (step.deed === 'hang' ? Infinity : atMs + step.delayMs);
    // A cause that comes at the same moment was set before the handler began, and comes first.
    if (endMs >= cutMs) {
      return { starts, kind: 'fail', isSync, abandoned: new Set([index]), atMs: cutMs };
    }
    atMs = endMs;
    const kind = child?.kind ?? kindOf(step);
    if (kind !== 'next') {
      return { starts, kind, isSync, abandoned: new Set(), atMs };
    }
  }
  return { starts: told.base.length, kind: 'next', isSync, abandoned: new Set(), atMs };
}

function kindOf({ deed }: Step): Outcome['kind'] {
  return deed === 'next' || deed === 'stop' ? deed : 'fail';
}

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0);

function waits({ deed, delayMs, isAsync }: Step): boolean {
  return deed === 'hang' || delayMs > 0 || isAsync;
}
