import fc from 'fast-check';

export type Deed = 'next' | 'stop' | 'fail' | 'throw' | 'forget' | 'cancel' | 'hang' | 'child';

/** What a handler does, and when. */
export interface Step {
  deed: Deed;
  /** Virtual; 0 is at once. */
  delayMs: number;
  /** With a delay of 0: returns a promise all the same. */
  isAsync: boolean;
  /** A base handler that takes something when it begins, and promises to give it back. */
  takes: boolean;
  /** The same once its delay is over, by which time the run may have gone on without it. */
  takesLate: boolean;
  /** Run in a derived context for the deed `child`; left unrun for any other one. */
  child: History | undefined;
}

export interface History {
  base: Step[];
  defer: Step[];
  /** So many of the handlers come from a chain, the others are the context's own. */
  inChain: number;
  timeoutMs: number | undefined;
  /** When somebody outside cancels the context; 0 is before its run. */
  cancelAtMs: number | undefined;
}

/** A tree of contexts, under one that is only there to be cancelled or to run out of time. */
export interface RootHistory extends History {
  rootTimeoutMs: number;
  rootCancelAtMs: number | undefined;
}

const moment = (least: number) => fc.integer({ min: least, max: 40 });
const rarely = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const sometimes = fc.integer({ min: 0, max: 3 }).map((n) => n === 0);

const deedOf = (deeds: readonly Deed[]) =>
  fc.oneof({ weight: 7, arbitrary: fc.constant<Deed>('next') }, { weight: 4, arbitrary: fc.constantFrom(...deeds) });

function step(deeds: readonly Deed[], child: fc.Arbitrary<History | undefined>): fc.Arbitrary<Step> {
  const given = fc.record<Step>({
    deed: deedOf(deeds),
    delayMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: moment(1) }),
    isAsync: fc.boolean(),
    takes: sometimes,
    takesLate: sometimes,
    child,
  });
  return given.map((made) => (made.deed === 'child' && !made.child ? { ...made, deed: 'next' } : made));
}

function history(depth: number): fc.Arbitrary<History> {
  const child = depth === 0 ? fc.constant(undefined) : fc.option(history(depth - 1), { nil: undefined, freq: 2 });
  const deeds: Deed[] = ['next', 'stop', 'fail', 'throw', 'forget', 'cancel', 'hang', 'child', 'child'];
  return fc.record<History>({
    base: fc.array(step(deeds, child), { maxLength: 5 }),
    defer: fc.array(step(['next', 'stop', 'fail', 'throw', 'cancel'], fc.constant(undefined)), { maxLength: 4 }),
    inChain: fc.nat({ max: 4 }),
    timeoutMs: rarely(moment(1)),
    cancelAtMs: rarely(fc.oneof({ weight: 4, arbitrary: moment(1) }, { weight: 1, arbitrary: fc.constant(0) })),
  });
}

/** Each ends: the root runs out of time at last. */
export const rootHistory: fc.Arbitrary<RootHistory> = fc
  .tuple(history(2), fc.integer({ min: 1, max: 150 }), rarely(moment(1)))
  .map(([told, rootTimeoutMs, rootCancelAtMs]) => ({ ...told, rootTimeoutMs, rootCancelAtMs }));
