import { desiredTask } from '../../../test/factories/desired-task.js';
import { AppConfig } from '../../config/app-config.js';
import { buildTaskSettings } from './build-task-settings.js';

const MIB = 1024 * 1024;
const build = (given: Parameters<typeof desiredTask>[0] = {}, config = new AppConfig()) =>
  buildTaskSettings(config, desiredTask(given));

describe('what a task runs with', () => {
  it('is the configuration when the pipeline says nothing', () => {
    expect(build()).toMatchObject({
      flushBytes: 5 * MIB,
      flushItems: 10_000,
      flushIntervalMs: 3000,
      maxInFlightBulks: 2,
      maxRecordBytes: 20 * MIB,
      maxIndexBases: 1000,
      failureThreshold: 10,
      maxRestartDelayMs: 300_000,
      sessionTimeoutMs: 45_000,
      rebalanceTimeoutMs: 300_000,
      autoOffsetReset: 'earliest',
      tombstones: 'skip',
      kafka: { brokers: ['localhost:9097'] },
      opensearch: { nodes: ['http://localhost:9200'], requestTimeoutMs: 30_000, gzip: false, tls: { caFile: '' } },
    });
  });

  it('is the pipeline’s own word where it has one', () => {
    const settings = { flushMiB: 1, flushItems: 7, flushIntervalSec: 60, tombstones: 'error' } as const;
    expect(build({ settings })).toMatchObject({
      flushBytes: MIB,
      flushItems: 7,
      flushIntervalMs: 60_000,
      tombstones: 'error',
    });
  });

  it.each([
    [100, Math.floor((100 / 6) * MIB)],
    [192, 32 * MIB],
    [193, 32 * MIB],
    [8192, 32 * MIB],
  ])('holds a sixth of its memory, 32 MiB at most: %i MiB', (memoryLimitMiB, bytes) => {
    expect(build({ memoryLimitMiB }).maxBufferedBytes).toBe(bytes);
  });

  it('has the pipeline’s base as its own, and none when each record names one', () => {
    expect(build().ownBase).toEqual({
      baseType: 'web',
      name: 'Web',
      dataType: 'access',
      category: 'log',
      outputTopic: 'default.mdl.process.web',
      isOwn: true,
    });
    const { indexBase: _base, outputTopic: _topic, ...without } = desiredTask({ useIndexBaseInData: true });
    expect(buildTaskSettings(new AppConfig(), without).ownBase).toBeUndefined();
  });

  it('is plain data: it crosses to a thread as it is', () => {
    const settings = build({ handlers: [{ type: 'set' }] });
    expect(structuredClone(settings)).toEqual(settings);
  });
});
