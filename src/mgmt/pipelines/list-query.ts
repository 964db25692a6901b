export const SORT_FIELDS = ['update_time', 'name'] as const;
export type SortField = (typeof SORT_FIELDS)[number];

export const DIRECTIONS = ['asc', 'desc'] as const;
export type Direction = (typeof DIRECTIONS)[number];

export const LISTED_STATUSES = ['error', 'running', 'close'] as const;
export type ListedStatus = (typeof LISTED_STATUSES)[number];

export interface ListQuery {
  /** Only these; undefined: all. */
  ids: ReadonlySet<string> | undefined;
  /** Text that the name contains, literally; empty: any name. */
  namePattern: string;
  /** Empty: any. */
  tag: string;
  /** Empty: any. */
  builtin: readonly boolean[];
  /** Empty: any. */
  status: readonly ListedStatus[];
  sort: SortField;
  direction: Direction;
  offset: number;
  /** Or `NO_LIMIT`. */
  limit: number;
}
