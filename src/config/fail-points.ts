/** Steps of creates, changes, deletions and take-overs, each done when its point is reached. */
export const FAIL_POINTS = [
  ...(['create.reserved', 'create.base_noted', 'create.topics_noted'] as const),
  ...(['create.input_made', 'create.error_made', 'create.output_made', 'create.tasks_placed'] as const),
  ...(['create.policy_registered', 'create.told', 'create.published'] as const),
  ...(['undo.told', 'undo.group_deleted', 'undo.topics_deleted'] as const),
  ...(['undo.policy_removed', 'undo.tasks_removed', 'undo.row_removed'] as const),
  ...([
    'update.checked',
    'update.replaced',
    'update.topics_adapted',
    'update.tasks_placed',
    'update.told',
    'update.published',
  ] as const),
  ...([
    'delete.marked',
    'delete.told',
    'delete.group_deleted',
    'delete.input_deleted',
    'delete.error_deleted',
  ] as const),
  ...(['delete.tombstoned', 'delete.policy_removed', 'delete.tasks_removed'] as const),
  ...(['delete.output_deleted', 'delete.row_removed'] as const),
  ...(['take_over.topics_made', 'take_over.tasks_placed', 'take_over.adopted'] as const),
] as const;

export type FailPoint = (typeof FAIL_POINTS)[number];

const PIPELINE_ID = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** `<point>`, or `<point>:<pipeline id>` for one pipeline alone. */
export function isFailPoint(text: unknown): boolean {
  if (typeof text !== 'string') {
    return false;
  }
  const [point = '', id, ...others] = text.split(':');
  const isKnown = (FAIL_POINTS as readonly string[]).includes(point);
  return isKnown && (id === undefined || PIPELINE_ID.test(id)) && others.length === 0;
}
