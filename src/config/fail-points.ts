import { PIPELINE_ID_PATTERN } from '../domain/pipeline-id.js';

/** Steps of creates, changes, deletions and take-overs, each done when its point is reached. */
export const FAIL_POINTS = [
  'create.reserved',
  'create.base_noted',
  'create.topics_noted',
  'create.input_made',
  'create.error_made',
  'create.output_made',
  'create.tasks_placed',
  'create.policy_registered',
  'create.told',
  'create.published',
  'undo.told',
  'undo.group_deleted',
  'undo.topics_deleted',
  'undo.policy_removed',
  'undo.tasks_removed',
  'undo.row_removed',
  'update.checked',
  'update.replaced',
  'update.topics_adapted',
  'update.tasks_placed',
  'update.told',
  'update.published',
  'delete.marked',
  'delete.told',
  'delete.group_deleted',
  'delete.input_deleted',
  'delete.error_deleted',
  'delete.tombstoned',
  'delete.policy_removed',
  'delete.tasks_removed',
  'delete.output_deleted',
  'delete.row_removed',
  'take_over.topics_named',
  'take_over.tasks_placed',
  'take_over.topics_made',
  'take_over.adopted',
] as const;

export type FailPoint = (typeof FAIL_POINTS)[number];

/** `<point>`, or `<point>:<pipeline id>` for one pipeline alone. */
export function isFailPoint(text: unknown): boolean {
  if (typeof text !== 'string') {
    return false;
  }
  const [point = '', id, ...others] = text.split(':');
  const isKnown = (FAIL_POINTS as readonly string[]).includes(point);
  return isKnown && (id === undefined || PIPELINE_ID_PATTERN.test(id)) && others.length === 0;
}
