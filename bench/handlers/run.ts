// What configured handlers cost a record, on its way from its bytes to its two lines in a bulk body, on one core: none, one,
// five and ten, then some kinds by themselves. `without the chain's room` is the same way with no place for handlers at all:
// what a pipeline without handlers may not be slower than, by more than 3 %.
// Run on a quiet machine: npm run build && npm run bench -- handlers [seconds a contender, default 4]
import { seeded, sideBySide, telemetryLog } from '../pipeline/generate-records.ts';
import { benchedHandlers, singleHandlers } from './benched-handlers.ts';
import { directWay, documentBuilder, type Way } from './ways.ts';

interface Contender {
  name: string;
  way: Way;
  bestNs: number;
}

const RECORDS = 2000;
/** So many turns each: what disturbs the machine for a while disturbs them all, and the best turn of each counts. */
const ROUNDS = 40;

function makeRecords(): Buffer[] {
  const random = seeded(7);
  const texts = Array.from({ length: RECORDS }, (_, index) => telemetryLog(random, index));
  return sideBySide(texts);
}

/** Nanoseconds of CPU a record. */
async function measure(way: Way, records: readonly Buffer[], ms: number): Promise<number> {
  const before = process.cpuUsage();
  const until = performance.now() + ms;
  let count = 0;
  do {
    for (const record of records) {
      const pending = way(record, count++);
      if (pending) {
        await pending;
      }
    }
  } while (performance.now() < until);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / count;
}

async function compare(ways: Record<string, Way>, records: readonly Buffer[], seconds: number): Promise<Contender[]> {
  const contenders = Object.entries(ways).map(([name, way]) => ({ name, way, bestNs: Infinity }));
  for (let round = 0; round < ROUNDS; round++) {
    // Forwards and backwards by turns: a machine that becomes slower favours neither.
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      const ns = await measure(contender.way, records, (seconds * 1000) / ROUNDS);
      contender.bestNs = Math.min(contender.bestNs, ns);
    }
  }
  return contenders;
}

function print(contenders: readonly Contender[], baseNs: number): void {
  console.table(
    contenders.map(({ name, bestNs }) => ({
      handlers: name,
      'ns a record': Math.round(bestNs),
      'k records/s': Math.round(1e6 / bestNs),
      'more than none, ns': Math.round(bestNs - baseNs),
    })),
  );
}

const seconds = Number(process.argv[3] ?? 4);
const records = makeRecords();
const bytes = records.reduce((sum, record) => sum + record.length, 0) / records.length;
console.log(`records of ${bytes.toFixed(0)} B on average, CPU time of one core, best of ${ROUNDS} rounds`);

const numbers = await compare(
  {
    'without the chain’s room': directWay(),
    none: documentBuilder([]),
    one: documentBuilder(benchedHandlers.slice(0, 1)),
    five: documentBuilder(benchedHandlers.slice(0, 5)),
    ten: documentBuilder(benchedHandlers),
  },
  records,
  seconds,
);
const [direct, none] = numbers.map(({ bestNs }) => bestNs) as [number, number];
print(numbers, none);
console.log(`none / without the chain's room: ${(none / direct).toFixed(3)} (at most 1.03)`);

const singles = Object.entries(singleHandlers).map(([name, handler]) => [name, documentBuilder([handler])] as const);
print(await compare(Object.fromEntries(singles), records, seconds / 2), none);
