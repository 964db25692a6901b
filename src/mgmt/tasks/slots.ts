/**
 * Slots for `count` further tasks, each the one with the fewest tasks so far (the lowest of several), so that workers
 * that share the slots share the work. `used` has the number of tasks of each slot that has any.
 */
export function leastUsedSlots(used: ReadonlyMap<number, number>, slots: number, count: number): number[] {
  const load = Array.from({ length: slots }, (_, slot) => used.get(slot) ?? 0);
  return Array.from({ length: count }, () => {
    const slot = load.indexOf(Math.min(...load));
    load[slot] = (load[slot] ?? 0) + 1;
    return slot;
  });
}
