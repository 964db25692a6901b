import { createServer, type AddressInfo } from 'node:net';
import { ReportPublisher } from '../../src/control/report-publisher.js';
import { ReportSubscriber, type OnReports } from '../../src/control/report-subscriber.js';
import type { TaskReport } from '../../src/control/task-report.js';
import type { TopicNames } from '../../src/domain/topic-names.js';
import { KeyedPublisher } from '../../src/platform/kafka/keyed-publisher.js';
import { TopicAdmin } from '../../src/platform/kafka/topic-admin.js';
import { taskReport } from './control-fixture.js';
import { recordingLogger, testConnection, uniqueNames, until } from './kafka-fixture.js';

describe('reports from the workers to mgmt', () => {
  const connection = testConnection();
  const { logger } = recordingLogger();
  const admin = new TopicAdmin(connection, logger);
  const records = new KeyedPublisher(connection, logger);
  const running: ReportSubscriber[] = [];
  const topics: string[] = [];
  let names: TopicNames;
  let publisher: ReportPublisher;

  const replica = (onReports: OnReports, log = logger) => {
    const subscriber = new ReportSubscriber(
      {
        connection,
        admin,
        topic: names.status(),
        groupId: names.reportGroup(),
        sessionTimeoutMs: 6000,
        replicationFactor: -1,
      },
      log,
    );
    running.push(subscriber);
    subscriber.start(onReports);
    return subscriber;
  };
  const collecting = (into: TaskReport[]): OnReports => {
    return (reports) => {
      into.push(...reports);
      return Promise.resolve();
    };
  };

  beforeEach(() => {
    names = uniqueNames();
    topics.push(names.status());
    publisher = new ReportPublisher(
      { publisher: records, admin, topic: names.status(), replicationFactor: -1 },
      logger,
    );
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((subscriber) => subscriber.stop()));
  });
  afterAll(async () => {
    await admin.deleteTopics(topics);
    await Promise.all([admin.close(), records.close()]);
  });

  it('brings each report whole and in order, also those sent before mgmt came', async () => {
    const early = taskReport({
      sequence: 1,
      state: 'waiting',
      cause: 'OpenSearch is away',
      causeCode: 'OPENSEARCH_DOWN',
    });
    expect(await publisher.send([early])).toBe(true);

    const taken: TaskReport[] = [];
    replica(collecting(taken));
    expect(await publisher.send([taskReport({ sequence: 2 }), taskReport({ sequence: 3, lagSeconds: 0.5 })])).toBe(
      true,
    );

    await until('three reports arrive', () => taken.length === 3);
    expect(taken).toEqual([early, taskReport({ sequence: 2 }), taskReport({ sequence: 3, lagSeconds: 0.5 })]);
  });

  it('makes the status topic, whoever comes first', async () => {
    replica(() => Promise.resolve());

    await until('the topic is there', () => admin.hasTopic(names.status()));
    expect(await publisher.send([taskReport()])).toBe(true);
  });

  it('offers a batch again until mgmt has taken it, and then never again', async () => {
    await publisher.send([taskReport({ sequence: 1 })]);
    let refusals = 2;
    const taken: TaskReport[] = [];
    const first = replica((reports) => {
      if (refusals > 0) {
        refusals -= 1;
        return Promise.reject(new Error('the database is away'));
      }
      return collecting(taken)(reports);
    });
    await until('the report is taken', () => taken.length === 1);
    await first.stop();

    const later: TaskReport[] = [];
    replica(collecting(later));
    await publisher.send([taskReport({ sequence: 2 })]);
    await until('the next report arrives', () => later.length > 0);

    expect(later).toEqual([taskReport({ sequence: 2 })]);
  });

  it('hands a batch that mgmt could not take before it stopped to the next replica', async () => {
    await publisher.send([taskReport({ sequence: 1 })]);
    let offered = false;
    const first = replica(() => {
      offered = true;
      return Promise.reject(new Error('the database is away'));
    });
    await until('the report is offered', () => offered);
    await first.stop();

    const taken: TaskReport[] = [];
    replica(collecting(taken));

    await until('the next replica has it', () => taken.length === 1);
  });

  it('skips what is no report, and goes on', async () => {
    await publisher.send([taskReport({ sequence: 1 })]);
    await records.send(names.status(), [
      { key: 'p1#0', value: 'no JSON' },
      { key: 'p1#0', value: JSON.stringify({ ...taskReport(), version: 2 }) },
      { key: 'p1#0', value: JSON.stringify(taskReport({ index: 1 })) },
      { key: 'p1#0', value: null },
    ]);
    await publisher.send([taskReport({ sequence: 2 })]);

    const { logger: recorder, lines } = recordingLogger();
    const taken: TaskReport[] = [];
    replica(collecting(taken), recorder);

    await until('the last report arrives', () => taken.at(-1)?.sequence === 2);
    expect(taken.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(lines.map(({ msg }) => msg)).toContain('a task report was skipped: it has version 2; this release knows 1');
  });

  it('answers false instead of failing the task when Kafka is away', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise<void>((resolve) => server.close(() => resolve()));
    const closed = testConnection({ brokers: [`127.0.0.1:${port}`], adminTimeoutMs: 1000 });
    const { logger: recorder, lines } = recordingLogger();
    const options = { topic: names.status(), replicationFactor: -1 };
    const lonely = { admin: new TopicAdmin(closed, logger), publisher: new KeyedPublisher(closed, logger) };

    expect(await new ReportPublisher({ ...options, ...lonely }, recorder).send([taskReport()])).toBe(false);

    expect(lines.map(({ msg }) => msg)).toEqual(['task reports were not sent']);
    await Promise.all([lonely.admin.close(), lonely.publisher.close()]);
  });
});
