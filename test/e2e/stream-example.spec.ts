import type { InputRecord } from '../factories/input-record.js';
import { readCommittedRecords, type CommittedRecord } from '../support/committed-records.js';
import { kafkaBrokers, uniqueSuffix } from '../support/environment.js';
import { KafkaClient } from '../support/kafka-client.js';
import { PackageProject, type ScriptProcess } from '../support/package-project.js';

const count = 40_000;
const partitions = 3;
const taxPercent = { DE: 19, FR: 20 };
const countries = ['DE', 'FR'] as const;

/** An order, by its number; what has to become of it follows from the number alone. */
function orderOf(n: number) {
  const country = n % 97 === 0 ? 'XX' : (countries[n % 2] as 'DE' | 'FR');
  const cents = n % 101 === 0 ? 0 : n % 103 === 0 ? -1 : 1000 + n;
  return { id: `order-${n}`, cents, country };
}

const isFree = (n: number) => orderOf(n).cents === 0;
const isBroken = (n: number) => n % 107 === 0;
const isRefused = (n: number) => isBroken(n) || (!isFree(n) && (orderOf(n).cents < 0 || orderOf(n).country === 'XX'));

function inputOf(n: number): InputRecord {
  const text = isBroken(n) ? `{"id": "order-${n}"` : JSON.stringify(orderOf(n));
  const place = { partition: n % partitions, key: null, headers: { n: String(n) }, timestamp: Date.now() };
  return { ...place, value: Buffer.from(text), expected: { outcome: 'skipped' } };
}

const numbers = Array.from({ length: count }, (_, n) => n);
const pricedOf = (n: number) => {
  const order = orderOf(n);
  return { ...order, taxCents: Math.round((order.cents * taxPercent[order.country as 'DE' | 'FR']) / 100) };
};
const priced = numbers.filter((n) => !isRefused(n) && !isFree(n));
const refused = numbers.filter(isRefused);
const numberOf = ({ value }: CommittedRecord) =>
  Number((JSON.parse(String(value)) as { id: string }).id.replace('order-', ''));
const ascending = (list: readonly number[]) => list.toSorted((one, other) => one - other);

/** Topics, group and processes of one run of the example. */
class Stage {
  readonly group: string;
  readonly input: string;
  readonly output: string;
  readonly errors: string;

  constructor(
    private readonly project: PackageProject,
    private readonly kafka: KafkaClient,
    prefix: string,
    private readonly isTransactional: boolean,
  ) {
    this.group = `${prefix}-group`;
    this.input = `${prefix}-in`;
    this.output = `${prefix}-out`;
    this.errors = `${prefix}-errors`;
  }

  async fill(): Promise<void> {
    await this.kafka.createTopic(this.input, partitions);
    await this.kafka.createTopic(this.output, 2);
    await this.kafka.createTopic(this.errors, 1);
    await this.kafka.produce(this.input, numbers.map(inputOf));
  }

  start(): ScriptProcess {
    return this.project.start('orders.ts', [this.input, this.output, this.errors], {
      KAFKA_BROKERS: kafkaBrokers().join(','),
      GROUP: this.group,
      INSTANCE: `${this.group}-0`,
      TRANSACTIONAL: String(this.isTransactional),
    });
  }

  /** Kills the process among its work, and lets another one finish it. Answers what the last one printed. */
  async killAndFinish(): Promise<string> {
    const first = this.start();
    await this.kafka.midStream(this.group, this.input, () => first.output);
    await first.end('SIGKILL');
    const second = this.start();
    await this.kafka.caughtUp(this.group, this.input, () => second.output);
    const { code, output } = await second.end('SIGTERM');
    expect(code).toBe(0);
    return output;
  }
}

describe('the example app', () => {
  const prefix = `example-${uniqueSuffix()}`;
  const kafka = new KafkaClient();
  let project: PackageProject;

  beforeAll(() => {
    project = new PackageProject(['@platformatic/kafka']);
    project.copy('examples/orders.ts', 'orders.ts');
  });
  afterAll(async () => {
    await project.remove();
    await kafka.removeAll(prefix);
  });

  it('loses nothing when it is killed among its work', async () => {
    const stage = new Stage(project, kafka, `${prefix}-least`, false);
    await stage.fill();
    const output = await stage.killAndFinish();

    const [written, errors] = [await readCommittedRecords(stage.output), await readCommittedRecords(stage.errors)];
    expect(ascending([...new Set(written.map(numberOf))])).toEqual(priced);
    expect(ascending([...new Set(errors.map(({ headers }) => Number(headers.n)))])).toEqual(refused);
    expect(output).toContain('ended with 0 orders left over');
  });

  it('doubles nothing either when it is transactional, and keeps the order', async () => {
    const stage = new Stage(project, kafka, `${prefix}-exact`, true);
    await stage.fill();
    await stage.killAndFinish();

    const written = await readCommittedRecords(stage.output);
    const errors = await readCommittedRecords(stage.errors);
    expect(ascending(written.map(numberOf))).toEqual(priced);
    expect(written.map(({ value }) => JSON.parse(String(value)) as unknown)).toEqual(
      written.map((record) => pricedOf(numberOf(record))),
    );
    expect(ascending(errors.map(({ headers }) => Number(headers.n)))).toEqual(refused);
    for (const from of Array.from({ length: partitions }, (_, partition) => partition)) {
      for (const to of [0, 1]) {
        const ofBoth = written
          .filter((each) => each.partition === to)
          .map(numberOf)
          .filter((n) => n % partitions === from);
        expect(ofBoth).toEqual(ascending(ofBoth));
      }
    }
  });

  it('says of each order that failed what was wrong with it, beside the order as it was', async () => {
    const errors = await readCommittedRecords(`${prefix}-exact-errors`);
    const reasons = new Map(errors.map((record) => [Number(record.headers.n), record]));

    expect(reasons.get(103)?.headers).toMatchObject({
      __error_code: 'RangeError',
      __error_reason: 'cents must be a whole number from 0 on; it was -1',
      __source_topic: `${prefix}-exact-in`,
      __source_partition: '1',
      __source_offset: '34',
    });
    expect(reasons.get(97)?.headers).toMatchObject({ __error_reason: 'no tax is known for country XX' });
    expect(reasons.get(107)).toMatchObject({
      value: Buffer.from('{"id": "order-107"'),
      headers: { __error_is_bug: 'true', __error_code: 'SyntaxError' },
    });
  });
});
