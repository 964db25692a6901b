import type { RejectionCode } from '../../../domain/rejection.js';
import type { FlowBatch } from '../batch/flow-batch.js';
import { ItemState } from '../batch/item-state.js';

/**
 * An older record of an id is never written after a newer one of the same bulk: once a newer one is written, the retry
 * of the older is dropped.
 */
export function supersede(batch: FlowBatch): void {
  if (batch.pending === 0 || batch.ownIds.size === 0) {
    return;
  }
  const written = new Set<string>();
  for (let item = batch.count - 1; item >= 0; item--) {
    const id = batch.ownIds.get(item);
    if (id === undefined) {
      continue;
    }
    const state = batch.state(item);
    if (state === ItemState.Indexed || state === ItemState.Superseded) {
      written.add(id);
    } else if (state === ItemState.Pending && written.has(id)) {
      batch.settle(item, ItemState.Superseded);
    }
  }
}

/** OpenSearch refuses the document for good: to the error topic with its reason, whatever becomes of the others. */
export function reject(
  batch: FlowBatch,
  item: number,
  status: number,
  reason: string,
  code: RejectionCode = 'DOCUMENT_REJECTED',
): void {
  const action = JSON.parse(batch.actionLine(item).toString('utf8')) as { index: { _index: string; _id: string } };
  batch.settle(item, ItemState.Rejected, {
    code,
    reason,
    stage: 'index',
    status,
    index: action.index._index,
    documentId: action.index._id,
  });
}
