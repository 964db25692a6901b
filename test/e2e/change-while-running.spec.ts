import { smallMemorySettings } from '../factories/pipeline-request.js';
import { ChangingPipeline } from '../support/changing-pipeline.js';
import { Installation } from '../support/installation.js';
import { few, type StampedOutcome } from '../support/stamped-outcome.js';

/** Small batches, so that some are on their way whenever a change comes. */
const settings = { ...smallMemorySettings, SDP_SERVER_FLUSHITEMS: '100' };
const steps = 4;

describe('a pipeline that is changed while records flow', () => {
  let installation: Installation;
  let changing: ChangingPipeline;
  let outcome: StampedOutcome;

  beforeAll(async () => {
    installation = await Installation.make('change', settings);
    const api = installation.api(await installation.start(['--role', 'all']));
    changing = await ChangingPipeline.start(installation, api);
    await changing.runsBy(1);
    for (let step = 2; step <= steps; step++) {
      await changing.moves(1000);
      await changing.change(step);
      await changing.runsBy(step);
    }
    // Two changes at once: the first of them may never run.
    await changing.moves(1000);
    await changing.change(steps + 1);
    await changing.change(steps + 2);
    await changing.runsBy(steps + 2);
    await changing.moves(1000);
    outcome = await changing.outcome();
  });
  afterAll(() => installation.remove());

  it('loses and doubles no record', () => {
    expect(few(outcome.lostOrDoubled())).toEqual([]);
  });

  it('has each record processed by exactly one of its forms, which all came into their own', () => {
    expect(few(outcome.wrong())).toEqual([]);
    expect(few(outcome.notIndexed())).toEqual([]);
    expect(few(outcome.surplus())).toEqual([]);
    const all = Array.from({ length: steps }, (_, index) => index + 1);
    expect(outcome.steps).toEqual(expect.arrayContaining([...all, steps + 2]));
  });

  it('keeps the order of each partition, in which no form follows a later one', () => {
    expect(few(outcome.disordered())).toEqual([]);
    expect(few(outcome.stepsBack())).toEqual([]);
  });

  it('tells the revision in each rejected record and of its tasks', () => {
    for (const [step, revision] of changing.reported) {
      expect({ step, revisions: outcome.revisions.get(step) }).toEqual({ step, revisions: [revision] });
    }
    const ascending = [...outcome.revisions].toSorted(([a], [b]) => a - b).flatMap(([, revisions]) => revisions);
    expect(ascending).toEqual([...new Set(ascending)].toSorted((a, b) => a - b));
    expect(ascending).toHaveLength(outcome.steps.length);
  });
});
