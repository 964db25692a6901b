import { desiredTask } from '../../../test/factories/desired-task.js';
import { AppConfig } from '../../config/app-config.js';
import { buildTaskSettings } from '../supervisor/build-task-settings.js';
import { findStartFault } from './find-start-fault.js';
import type { TaskSettings } from './task-settings.js';

const settings = (handlers: TaskSettings['desired']['handlers'], given: Partial<TaskSettings> = {}): TaskSettings => ({
  ...buildTaskSettings(new AppConfig(), desiredTask({ handlers })),
  ...given,
});
const find = (given: TaskSettings) => findStartFault(given, () => undefined);
const hashing = [{ type: 'hash', fields: ['user'], secret: 'pepper' }];

describe('whether a revision can start', () => {
  it('is asked of no service', async () => {
    expect(await find(settings([{ type: 'drop' }]))).toBeUndefined();
    expect(await find(settings(hashing, { handlerSecrets: { pepper: 'x' } }))).toBeUndefined();
  });

  it.each([
    ['HANDLER_UNKNOWN', [{ type: 'of-a-later-release' }], 'Handler type "of-a-later-release" is not known'],
    ['HANDLER_UNUSABLE', hashing, 'handlers[0].secret'],
  ])('is denied as %s', async (code, handlers, text) => {
    expect(await find(settings(handlers))).toEqual({ code, text: expect.stringContaining(text) });
  });

  it('is denied while the files of certificates cannot be used', async () => {
    const { kafka } = settings([]);
    const tls = { caFile: '/missing/ca.pem', certFile: '', keyFile: '', keyPassphrase: '' };
    expect(await find(settings([], { kafka: { ...kafka, tls } }))).toEqual({
      code: 'KAFKA_CONNECTION_REFUSED',
      text: expect.stringContaining('mq.tls.caFile /missing/ca.pem cannot be read'),
    });
  });
});
