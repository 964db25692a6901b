import { jsonRecords } from '../factories/input-records.js';
import { pipelineRequest } from '../factories/pipeline-request.js';
import type { ApiClient } from '../support/api-client.js';
import { kafkaBrokers } from '../support/environment.js';
import { expectExactOutcome } from '../support/expect-outcome.js';
import { Installation } from '../support/installation.js';
import type { ProgramProcess } from '../support/program-process.js';
import { without } from '../support/services.js';
import { shortSession } from '../support/short-session.js';
import { causeInGuide, quotedTexts } from '../support/troubleshooting-guide.js';
import { waitUntil } from '../support/wait-until.js';

const [broker = ''] = kafkaBrokers();

describe('trouble with Kafka explains itself as the guide says', () => {
  let installation: Installation;
  let api: ApiClient;
  let worker: ProgramProcess;

  beforeAll(async () => {
    installation = await Installation.make('trouble-kafka', shortSession);
    api = installation.api(await installation.start(['--role', 'mgmt']));
    worker = await installation.start(['--role', 'worker']);
  });
  afterAll(() => installation.remove());

  it('when no broker answers: in the log at once, in the API once the reports have stopped', async () => {
    const { kafka } = installation;
    const pipeline = await api.create(pipelineRequest(installation.indexBase('away'), { id: 'away', name: 'Away' }));
    const before = jsonRecords({ count: 100, partitions: 1 });
    await kafka.produce(pipeline.input_topic, before);
    await expectExactOutcome(installation, pipeline, before, () => api.get(pipeline.id));

    await without('kafka', async () => {
      const cause = await waitUntil(
        'the worker says in its log why the task waits',
        () => waitingCauses(worker).find((text) => causeInGuide('KAFKA_UNAVAILABLE').test(text)),
        { seen: () => waitingCauses(worker) },
      );
      expect(cause).toContain(broker);
      const told = await api.waitFor(pipeline.id, 'is not reported any more', ({ status }) => status === 'error');
      expect(told.status_details).toMatch(causeInGuide('REPORTS_STOPPED'));
      expect(await api.tasks(pipeline.id)).toMatchObject([{ state: 'unknown', cause_code: 'REPORTS_STOPPED' }]);
      // A worker that has no contact for longer than its session is no member of the group any more.
      await waitUntil('the worker is not ready', async () => !(await worker.answers('/health/ready')));
    });

    const after = jsonRecords({ count: 100, partitions: 1, from: before.length });
    await kafka.produce(pipeline.input_topic, after);
    await expectExactOutcome(installation, pipeline, [...before, ...after], () => api.get(pipeline.id));
    await worker.ready();
    await api.waitFor(pipeline.id, 'runs without a complaint', ({ status, status_details: details }) => {
      return status === 'running' && details === '';
    });
  });

  it('when a topic of the pipeline was deleted, until it is made again', async () => {
    const { kafka } = installation;
    const pipeline = await api.create(pipelineRequest(installation.indexBase('topic'), { id: 'topic', name: 'Topic' }));
    await kafka.deleteTopic(pipeline.input_topic);

    const told = await api.waitFor(pipeline.id, 'misses its topic', ({ status_details: details }) => details !== '');
    expect(told.status_details).toMatch(causeInGuide('KAFKA_TOPIC_MISSING'));
    expect(told.status_details).toContain(pipeline.input_topic);
    const [task] = await api.tasks(pipeline.id);
    expect(task).toMatchObject({ state: 'waiting', cause_code: 'KAFKA_TOPIC_MISSING' });
    expect(told.status_details).toBe(`${task?.cause_code}: ${task?.cause}`);

    await kafka.createTopic(pipeline.input_topic, 1);
    const records = jsonRecords({ count: 100, partitions: 1 });
    await kafka.produce(pipeline.input_topic, records);
    await expectExactOutcome(installation, pipeline, records, () => api.get(pipeline.id));
  });

  it('when records were deleted before they were read', async () => {
    const { kafka } = installation;
    const pipeline = await api.create(pipelineRequest(installation.indexBase('lost'), { id: 'lost', name: 'Lost' }));
    const records = jsonRecords({ count: 100, partitions: 1 });
    await kafka.produce(pipeline.input_topic, records);
    await expectExactOutcome(installation, pipeline, records, () => api.get(pipeline.id));
    await api.setStatus(pipeline.id, 'close');
    await waitUntil('nobody reads', () => kafka.isIdle(installation.group(pipeline.id)));
    await kafka.produce(pipeline.input_topic, jsonRecords({ count: 50, partitions: 1 }));
    await kafka.deleteRecords(pipeline.input_topic, 0, 120);

    await api.setStatus(pipeline.id, 'running');

    await waitUntil('the loss is counted', async () => {
      const lines = await worker.metrics();
      return lines.some((line) => /^sdp_records_lost_to_retention_total\{.*pipeline="lost".*\} 20$/.test(line));
    });
    const [text] = quotedTexts('Records were lost to retention');
    expect(worker.log()).toMatch(new RegExp(`"offset":100,"nextOffset":120.*${text?.source}`));
  });

  it('when somebody else reads with the group of a pipeline that is to be deleted', async () => {
    const { kafka, group } = installation;
    const pipeline = await api.create(pipelineRequest(installation.indexBase('held'), { id: 'held', name: 'Held' }));
    await api.setStatus(pipeline.id, 'close');
    await waitUntil('nobody reads', () => kafka.isIdle(group(pipeline.id)));
    const leave = await kafka.join(group(pipeline.id), pipeline.input_topic);
    try {
      expect(await api.request('DELETE', `/pipelines/${pipeline.id}`)).toMatchObject({ status: 202 });

      const { status, status_details: details } = await api.get(pipeline.id);
      expect(status).toBe('deleting');
      expect(details).toMatch(quotedTexts('A deletion does not end')[0] ?? /$^/);
      expect(details).toContain(group(pipeline.id));
    } finally {
      await leave();
    }
    await waitUntil('it is gone', async () => (await api.request('GET', `/pipelines/${pipeline.id}`)).status === 404);
  });
});

function waitingCauses(worker: ProgramProcess): string[] {
  const lines = worker
    .log()
    .split('\n')
    .filter((line) => line.includes('"task waits"'));
  return lines.map((line) => (JSON.parse(line) as { cause: string }).cause);
}
