import { BaseContext } from '../stream/base-context.js';

/**
 * The context of one record on its way through a pipeline's configured handlers: `record` is the JSON object in bytes.
 * Made only when a pipeline has handlers.
 */
export class RecordContext extends BaseContext<Buffer> {
  constructor(bytes: Buffer) {
    super({ record: bytes });
  }
}
