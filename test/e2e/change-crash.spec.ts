import { smallMemorySettings } from '../factories/pipeline-request.js';
import { ChangingPipeline } from '../support/changing-pipeline.js';
import { Installation } from '../support/installation.js';
import type { ProgramProcess } from '../support/program-process.js';
import { shortSession } from '../support/short-session.js';
import { few } from '../support/stamped-outcome.js';
import { waitUntil } from '../support/wait-until.js';

const settings = { ...smallMemorySettings, ...shortSession, SDP_SERVER_FLUSHITEMS: '100' };
const linesOf = (worker: ProgramProcess, text: string) => worker.log().split(`"msg":"${text}"`).length - 1;
/** Moments of a change: it was told of, the first task has drained, the first has started anew. */
const moments = [undefined, 'task ended', 'task started'];

describe('a worker that is killed in the middle of a change', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.make('change-crash', settings);
  });
  afterAll(() => installation.remove());

  it('loses nothing, forwards and rejects nothing twice, and leaves only what its former revision had indexed', async () => {
    const mgmt = await installation.start(['--role', 'mgmt']);
    let worker = await installation.start(['--role', 'worker']);
    const changing = await ChangingPipeline.start(installation, installation.api(mgmt));
    let step = 1;
    await changing.runsBy(step);
    for (const moment of moments) {
      await changing.moves(1000);
      const before = moment === undefined ? 0 : linesOf(worker, moment);
      await changing.change(++step);
      if (moment !== undefined) {
        await waitUntil(moment, () => linesOf(worker, moment) > before, { seen: () => worker.logTail() });
      }
      expect(await worker.kill()).toMatchObject({ signal: 'SIGKILL' });
      worker = await installation.start(['--role', 'worker']);
      await changing.runsBy(step);
    }
    await changing.moves(1000);

    const outcome = await changing.outcome();
    expect(few(outcome.lostOrDoubled())).toEqual([]);
    expect(few(outcome.wrong())).toEqual([]);
    expect(few(outcome.notIndexed())).toEqual([]);
    expect(few(outcome.disordered())).toEqual([]);
    expect(few(outcome.stepsBack())).toEqual([]);
    for (const [reported, revision] of changing.reported) {
      expect(outcome.revisions.get(reported)).toEqual([revision]);
    }
    // Indexed before the crash, not committed: processed anew by the later revision, which had it go elsewhere.
    expect(few(outcome.surplus().filter(({ step: made, leftBy }) => made >= leftBy))).toEqual([]);
  });
});
