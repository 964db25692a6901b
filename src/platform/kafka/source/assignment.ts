import type { GroupMember } from '../wire/commit-producer.js';

/** What one generation of the group gave this member. */
export interface Assignment {
  member: GroupMember;
  partitions: ReadonlySet<number>;
}

export interface AssignmentChange {
  /** Held before and after, without anybody else in between: buffers and bulks stay. */
  kept: ReadonlySet<number>;
  gained: ReadonlySet<number>;
  lost: ReadonlySet<number>;
}

/**
 * What a new assignment means for what is held. When a generation was missed, or the membership itself is a new one,
 * somebody else may have owned and moved any partition meanwhile: then nothing is kept.
 */
export function compareAssignments(before: Assignment | undefined, after: Assignment): AssignmentChange {
  const held = before?.partitions ?? new Set<number>();
  const isUnbroken =
    before !== undefined &&
    before.member.memberId === after.member.memberId &&
    after.member.generationId === before.member.generationId + 1;
  const kept = isUnbroken ? held.intersection(after.partitions) : new Set<number>();
  return { kept, gained: after.partitions.difference(kept), lost: held.difference(kept) };
}
