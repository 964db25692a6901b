import { jest } from '@jest/globals';
import { MetricsRegistry } from '../../platform/metrics/metrics-registry.js';
import { PipelineGauges } from './pipeline-gauges.js';
import type { PipelineStanding, PipelineStandingsRepository } from './pipeline-standings.repository.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** The gauges on a database that answers what `ask` does. */
function gauges(ask: () => Promise<PipelineStanding[]>) {
  const registry = new MetricsRegistry();
  const asked = { times: 0 };
  const standings: Pick<PipelineStandingsRepository, 'all'> = {
    all: () => {
      asked.times++;
      return ask();
    },
  };
  new PipelineGauges(registry, standings as PipelineStandingsRepository);
  const shown = async () => {
    const text = registry.scrape();
    await jest.advanceTimersByTimeAsync(0);
    return (await text).match(/^sdp_pipeline.*$/gm) ?? [];
  };
  return { asked, registry, shown };
}

const standing = (pipelineId: string, more: Partial<PipelineStanding> = {}): PipelineStanding => ({
  pipelineId,
  status: 'running',
  tasksDesired: 2,
  tasksRunning: 1,
  isUnpublished: false,
  ...more,
});

describe('what is wanted of pipelines, and what is', () => {
  it('is shown for each of them', async () => {
    const { shown } = gauges(() =>
      Promise.resolve([
        standing('a'),
        standing('b', { status: 'close', tasksDesired: 0, tasksRunning: 0, isUnpublished: true }),
      ]),
    );
    expect((await shown()).filter((line) => !line.endsWith(' 0'))).toEqual([
      'sdp_pipeline_tasks_desired{pipeline="a"} 2',
      'sdp_pipeline_tasks_running{pipeline="a"} 1',
      'sdp_pipeline_status{pipeline="a",status="running"} 1',
      'sdp_pipeline_status{pipeline="b",status="close"} 1',
      'sdp_pipelines_unpublished 1',
    ]);
    expect(await shown()).toContain('sdp_pipeline_tasks_desired{pipeline="b"} 0');
  });

  it('is asked for once in 5 s, however many scrape', async () => {
    const { asked, shown } = gauges(() => Promise.resolve([standing('a')]));
    await Promise.all([shown(), shown()]);
    await jest.advanceTimersByTimeAsync(4900);
    await shown();
    expect(asked.times).toBe(1);
    await jest.advanceTimersByTimeAsync(200);
    await shown();
    expect(asked.times).toBe(2);
  });

  it('goes with a pipeline that is gone', async () => {
    let standings = [standing('a'), standing('b')];
    const { shown } = gauges(() => Promise.resolve(standings));
    await shown();
    standings = [standing('b')];
    await jest.advanceTimersByTimeAsync(5000);
    const lines = await shown();
    expect(lines.filter((line) => line.includes('"a"'))).toEqual([]);
    expect(lines.filter((line) => line.includes('"b"')).length).toBeGreaterThan(0);
  });

  it('is absent while the database does not answer, and there again when it does', async () => {
    let answer: Promise<PipelineStanding[]> = Promise.resolve([standing('a')]);
    const { shown, registry } = gauges(() => answer);
    expect((await shown()).length).toBeGreaterThan(0);

    answer = Promise.reject(new Error('refused'));
    await jest.advanceTimersByTimeAsync(5000);
    expect(await shown()).toEqual([]);

    answer = new Promise(() => undefined);
    await jest.advanceTimersByTimeAsync(5000);
    const text = registry.scrape();
    await jest.advanceTimersByTimeAsync(2000);
    expect((await text).match(/^sdp_pipeline.*$/gm)).toBeNull();

    answer = Promise.resolve([standing('a')]);
    await jest.advanceTimersByTimeAsync(5000);
    expect((await shown()).length).toBeGreaterThan(0);
  });
});
