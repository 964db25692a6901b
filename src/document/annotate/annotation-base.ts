import { aliasOf, type IndexBase } from '../../domain/index-base.js';
import { type CategoryKind, kindOfCategory } from './category.js';

/** An index base with everything that annotation writes about it already spelled; made once for each base. */
export class AnnotationBase {
  readonly baseType: string;
  /** Where the documents go. */
  readonly alias: string;
  readonly kind: CategoryKind;
  /** The bulk action up to the value of `_id`. */
  readonly action: Buffer;
  /** Annotations up to the value of `__category`. */
  readonly lead: Buffer;
  /** Annotations up to the value of `__write_time`, with the base's own category. */
  readonly leadWithCategory: Buffer;

  constructor(pipelineId: string, base: IndexBase) {
    this.baseType = base.baseType;
    this.alias = aliasOf(base.baseType);
    this.kind = kindOfCategory(base.category);
    this.action = Buffer.from(`{"index":{"_index":${JSON.stringify(this.alias)},"_id":`);
    const lead = { __pipeline_id: pipelineId, __index_base: base.baseType, __data_type: base.dataType };
    const category = JSON.stringify(base.category);
    this.lead = Buffer.from(`${JSON.stringify(lead).slice(1, -1)},"__category":`);
    this.leadWithCategory = Buffer.from(`${this.lead.toString()}${category},"__write_time":`);
  }
}
