/** Where documents go: the alias `mdl-<baseType>` and what annotation writes about it. */
export interface IndexBase {
  baseType: string;
  name: string;
  dataType: string;
  /** log, metric, trace or any other word; metric and trace have annotations of their own. */
  category: string;
}

/** A legal base type: it becomes part of an index name and of a topic name. */
export const INDEX_BASE_PATTERN = /^[a-z0-9][a-z0-9_-]{0,99}$/;

export function aliasOf(baseType: string): string {
  return `mdl-${baseType}`;
}
