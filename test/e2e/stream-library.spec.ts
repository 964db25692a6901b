import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { InputRecord } from '../factories/input-record.js';
import { readCommittedRecords } from '../support/committed-records.js';
import { kafkaBrokers } from '../support/environment.js';
import { KafkaClient } from '../support/kafka-client.js';
import { PackageProject } from '../support/package-project.js';

interface Snippet {
  heading: string;
  code: string;
  prints: string;
}

const readme = readFileSync(resolve(import.meta.dirname, '../../examples/README.md'), 'utf8');

/** Each program of the document, with the text that it says it prints. */
function snippetsOf(document: string): Snippet[] {
  const pattern = /^## (.+)$|^```ts\n([^]*?)^```\n\n```text\n([^]*?)^```$/gm;
  const found: Snippet[] = [];
  let heading = '';
  for (const [, title, code, prints] of document.matchAll(pattern)) {
    heading = title ?? heading;
    if (code !== undefined && prints !== undefined) {
      found.push({ heading, code, prints });
    }
  }
  return found;
}

const snippets = snippetsOf(readme);
const withKafka = ({ code }: Snippet) => code.includes('stream-kafka');

describe('the package, where nothing else of the repository is installed', () => {
  const project = new PackageProject();
  const inMemory = snippets.filter((snippet) => !withKafka(snippet));

  beforeAll(() => {
    inMemory.forEach(({ code }, at) => project.write(`snippet-${at}.ts`, code));
    snippets.filter(withKafka).forEach(({ code }, at) => project.write(`kafka-${at}.ts`, code));
    project.copy('examples/orders.ts', 'orders.ts');
  });
  afterAll(() => project.remove());

  it('documents each program with what it prints', () => {
    expect(snippets).toHaveLength([...readme.matchAll(/^```ts$/gm)].length);
    expect(inMemory.length).toBeGreaterThan(5);
  });

  it('has types for all that the programs and the example use', () => {
    expect(project.typeFaults()).toBe('');
  });

  it.each(inMemory.map(({ heading, prints }, at) => ({ heading, prints, at })))(
    'prints what the document says: $heading ($at)',
    async ({ prints, at }) => {
      expect(await project.run(`snippet-${at}.ts`)).toMatchObject({ output: prints, code: 0 });
    },
  );

  it('lets nobody in but by its entry points', async () => {
    project.write('inner.mjs', "await import('flow-stream-data-pipeline/dist/stream/base-context.js');\n");

    expect((await project.run('inner.mjs')).output).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});

describe('the package with its Kafka client', () => {
  const project = new PackageProject(['@platformatic/kafka']);
  const kafka = new KafkaClient();
  const topics = ['names', 'greetings', 'names-failed'];
  const place = { partition: 0, key: Buffer.from('k'), headers: { from: 'test' }, timestamp: Date.now() };
  const input = (value: string): InputRecord => ({
    ...place,
    value: Buffer.from(value),
    expected: { outcome: 'skipped' },
  });

  beforeAll(async () => {
    await Promise.all(topics.map((topic) => kafka.createTopic(topic, 1)));
    await kafka.produce('names', ['ada', '', 'grace'].map(input));
  });
  afterAll(async () => {
    await project.remove();
    await Promise.all(topics.map((topic) => kafka.deleteTopic(topic)));
  });

  it('prints what the document says, and has written it', async () => {
    const [snippet] = snippets.filter(withKafka) as [Snippet];
    project.write('snippet.ts', snippet.code);
    const { output, code } = await project.run('snippet.ts', { KAFKA_BROKERS: kafkaBrokers().join(',') });

    expect([output, code]).toEqual([snippet.prints, 0]);
    const [greetings, failed] = [await readCommittedRecords('greetings'), await readCommittedRecords('names-failed')];
    expect(greetings.map(({ value }) => String(value))).toEqual(['hello ada', 'hello grace']);
    expect(failed.map(({ headers }) => [headers.from, headers.__error_reason])).toEqual([['test', 'nobody there']]);
    expect(await kafka.committed('greeter', 'names')).toEqual([3]);
  });
});
