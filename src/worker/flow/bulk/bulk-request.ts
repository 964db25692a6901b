import type { FlowBatch } from '../batch/flow-batch.js';
import { ItemState } from '../batch/item-state.js';

/** The items that still need an answer, in their order. */
export function pendingItems(batch: FlowBatch): number[] {
  const items: number[] = [];
  for (let item = 0; item < batch.count; item++) {
    if (batch.state(item) === ItemState.Pending) {
      items.push(item);
    }
  }
  return items;
}

/** The lines of some items, in the order given. */
export function bodyOf(batch: FlowBatch, items: number[]): Buffer {
  return Buffer.concat(items.map((item) => batch.lines(item)));
}
