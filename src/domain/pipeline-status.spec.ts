import { derivePipelineStatus } from './pipeline-status.js';
import type { TaskState } from './task.js';

const task = (state: TaskState, cause = '', causeCode = '') => ({ state, cause, causeCode });

describe('the status that a user sees', () => {
  it.each(['deleting', 'close'] as const)('is %s when callers want that, whatever the tasks do', (desired) => {
    expect(derivePipelineStatus(desired, [task('error', 'broken'), task('running')])).toEqual({
      status: desired,
      details: '',
    });
  });

  it.each(['error', 'unknown'] as const)('is error, with its cause, as soon as one task is in %s', (state) => {
    const tasks = [task('running'), task('waiting', 'OpenSearch is busy'), task(state, 'access denied')];
    expect(derivePipelineStatus('running', tasks)).toEqual({ status: 'error', details: 'access denied' });
  });

  it('is running while a task waits, and says for what', () => {
    const tasks = [task('running'), task('waiting', 'OpenSearch is busy', 'OPENSEARCH_BUSY')];
    expect(derivePipelineStatus('running', tasks)).toEqual({
      status: 'running',
      details: 'OPENSEARCH_BUSY: OpenSearch is busy',
    });
  });

  it.each(['starting', 'running', 'stopping', 'stopped', 'moved'] as const)(
    'is running while a task is %s',
    (state) => {
      expect(derivePipelineStatus('running', [task(state)])).toEqual({ status: 'running', details: '' });
    },
  );

  it('is running when a change cannot start and the pipeline goes on as it was, and says so unless a task waits', () => {
    const held = task('running', 'Revision 7 cannot start here', 'HANDLER_UNUSABLE');
    const details = 'HANDLER_UNUSABLE: Revision 7 cannot start here';
    expect(derivePipelineStatus('running', [task('running'), held])).toEqual({ status: 'running', details });
    expect(derivePipelineStatus('running', [held, task('waiting', 'OpenSearch is busy')])).toEqual({
      status: 'running',
      details: 'OpenSearch is busy',
    });
  });

  it('is running before the first report', () => {
    expect(derivePipelineStatus('running', [])).toEqual({ status: 'running', details: '' });
  });
});
