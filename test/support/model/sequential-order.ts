/** Something that took effect at one moment between two ticks of one clock. */
export interface TimedEvent<Event> {
  event: Event;
  from: number;
  /** Infinity when nobody heard of its end. */
  to: number;
  /** It may as well never have taken effect. */
  isOptional: boolean;
  /** Took effect before this one. */
  after?: TimedEvent<Event>;
}

/** What one event after another would do. States are plain data. */
export interface SequentialModel<State, Event> {
  initial: State;
  /** The states that may follow; none when the event cannot happen in this state. */
  step: (state: State, event: Event) => readonly State[];
}

export interface SequentialOrder<Event> {
  isLegal: boolean;
  /** All that took effect, in a legal order; when there is none, as far as the longest attempt came. */
  order: Event[];
}

/**
 * Looks for an order of the events in which each could have happened one after another, and none before one that had
 * ended when it began (linearizability, searched as Wing and Gong did, with the memory of Lowe). The cost grows with the
 * number of events that overlap, not with their number.
 */
export function sequentialOrder<State, Event>(
  { initial, step }: SequentialModel<State, Event>,
  events: readonly TimedEvent<Event>[],
): SequentialOrder<Event> {
  const seen = new Set<string>();
  const done = new Set<TimedEvent<Event>>();
  let longest: Event[] = [];

  const isNew = (state: State) => {
    const key = `${events.map((event) => (done.has(event) ? '1' : '0')).join('')} ${JSON.stringify(state)}`;
    return !seen.has(key) && seen.add(key).size > 0;
  };
  const continueFrom = (state: State): boolean => {
    if (done.size > longest.length) {
      longest = [...done].map(({ event }) => event);
    }
    const open = events.filter((event) => !done.has(event));
    const firstEnd = Math.min(...open.filter(({ isOptional }) => !isOptional).map(({ to }) => to));
    return (
      open.every(({ isOptional }) => isOptional) ||
      open
        .filter(({ from, after }) => from < firstEnd && (after === undefined || done.has(after)))
        .some((candidate) => take(candidate, state))
    );
  };
  const take = (candidate: TimedEvent<Event>, state: State): boolean => {
    done.add(candidate);
    const isLegal = step(state, candidate.event).some((next) => isNew(next) && continueFrom(next));
    if (!isLegal) {
      done.delete(candidate);
    }
    return isLegal;
  };

  const isLegal = continueFrom(initial);
  return { isLegal, order: isLegal ? [...done].map(({ event }) => event) : longest };
}
