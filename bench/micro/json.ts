// Documents a second on one core, from the bytes of a record to its two lines in a bulk body (ensure JSON, annotate),
// against JSON.parse and JSON.stringify in the same run. Needs `npm run build` first, since it measures the built code:
//   npm run build && node bench/micro/json.ts [seconds per contender]
// Run it on a quiet machine: contenders take turns, the best round of each counts, and the ratio travels better than the
// figures.
import type { Annotator } from '../../src/document/annotate/annotator.js';
import type { EnsureJson } from '../../src/document/ensure/ensure-json.js';
import type { JsonScanner } from '../../src/document/ensure/json-scanner.js';
import { seeded, sideBySide } from '../pipeline/generate-records.ts';

interface Built {
  Annotator: typeof Annotator;
  EnsureJson: typeof EnsureJson;
  JsonScanner: typeof JsonScanner;
}

interface Contender {
  name: string;
  run: (record: Buffer, offset: number) => void;
  bestNs: number;
}

const RECORDS = 2000;
const ROUNDS = 20;
const TIME = 1_735_689_600_000;
const MAX_RECORD_BYTES = 20 * 1024 * 1024;
const base = { baseType: 'bench', name: 'Bench', dataType: 'otel', category: 'log' };

async function importBuilt(): Promise<Built> {
  const parts = ['annotate/annotator', 'ensure/ensure-json', 'ensure/json-scanner'];
  const modules = await Promise.all(
    parts.map(
      async (part) => (await import(new URL(`../../dist/document/${part}.js`, import.meta.url).href)) as Partial<Built>,
    ),
  );
  return Object.assign({}, ...modules) as Built;
}

/** Log records as OpenTelemetry writes them, 770 B on average. */
function makeRecords(): Buffer[] {
  const random = seeded(7);
  const texts = Array.from({ length: RECORDS }, (_, index) => makeRecord(random, index));
  return sideBySide(texts);
}

function makeRecord(random: () => number, index: number): string {
  const pick = (...choices: string[]): string => choices[Math.floor(random() * choices.length)] ?? '';
  const hex = (length: number): string => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  const service = pick('checkout', 'cart', 'payment', 'frontend', 'shipping', 'recommendation');
  const second = String(index % 60).padStart(2, '0');
  const micros = String(Math.floor(random() * 1e6)).padStart(6, '0');
  const resource = {
    'service.name': service,
    'service.instance.id': hex(36),
    'k8s.pod.name': `${service}-${hex(10)}-${hex(5)}`,
    'k8s.namespace.name': 'otel-demo',
    'telemetry.sdk.language': pick('go', 'java', 'nodejs', 'python'),
  };
  const attributes = {
    'http.request.method': pick('GET', 'POST'),
    'url.path': `/api/${service}/${hex(8)}`,
    'http.response.status_code': Number(pick('200', '404', '500')),
    'user_agent.original': 'Mozilla/5.0 (X11; Linux x64) k6/0.48.0',
    'server.port': 8080,
    'app.order.amount': Math.round(random() * 50_000) / 100,
  };
  // Integers beyond 2^53 are put in as text: a parser that rounds them is what this product is not.
  const bigAttributes =
    JSON.stringify(attributes).slice(0, -1) + `,"app.user.id":${9007199254740993n + BigInt(index)}}`;
  const parts = [
    `"@timestamp":"2025-01-01T00:00:${second}.${micros}Z"`,
    `"observedTimeUnixNano":17356896001${micros}${100 + (index % 900)}`,
    `"traceId":"${hex(32)}","spanId":"${hex(16)}"`,
    `"severityNumber":${pick('5', '9', '13', '17')},"severityText":"${pick('DEBUG', 'INFO', 'WARN', 'ERROR')}"`,
    `"body":"failed to charge card: could not charge ${hex(36)} in ${(random() * 1000).toFixed(3)} ms"`,
    `"resource":${JSON.stringify(resource)},"attributes":${bigAttributes},"flags":1`,
  ];
  return `{${parts.join(',')}}`;
}

function ours({ Annotator, EnsureJson, JsonScanner }: Built): Contender['run'] {
  const scanner = new JsonScanner();
  const ensureJson = new EnsureJson(scanner, MAX_RECORD_BYTES);
  const annotator = new Annotator({ pipelineId: 'bench', useIndexBaseInData: false, documentVersion: 'none' });
  const out = Buffer.allocUnsafeSlow(16 * 1024 * 1024);
  const origin = { partition: 3, offset: 0, timestamp: TIME };
  let position = 0;
  return (record, offset) => {
    if (ensureJson.ensure(record, 0) !== 'kept') {
      throw new Error('a record of the benchmark is no JSON object');
    }
    annotator.prepare(record, scanner);
    if (position + annotator.maxEncodedBytes(record.length, base) > out.length) {
      position = 0;
    }
    origin.offset = offset;
    position = annotator.encode(origin, base, out, position);
  };
}

function parsed(): Contender['run'] {
  const out = Buffer.allocUnsafeSlow(16 * 1024 * 1024);
  let position = 0;
  return (record, offset) => {
    if (position + 2 * record.length + 1024 > out.length) {
      position = 0;
    }
    const document = JSON.parse(record.toString()) as Record<string, unknown>;
    const id = `bench[3]@${offset}-${TIME}`;
    document['__pipeline_id'] = 'bench';
    document['__index_base'] = base.baseType;
    document['__data_type'] = base.dataType;
    document['__category'] = base.category;
    document['__write_time'] = TIME;
    document['@timestamp'] = Date.parse(String(document['@timestamp']));
    document['__id'] = id;
    const action = JSON.stringify({ index: { _index: 'mdl-bench', _id: id } });
    position += out.write(`${action}\n${JSON.stringify(document)}\n`, position);
  };
}

/** Nanoseconds of CPU a document. */
function measure(run: Contender['run'], records: readonly Buffer[], ms: number): number {
  const start = process.cpuUsage();
  const until = performance.now() + ms;
  let count = 0;
  do {
    for (const record of records) {
      run(record, 1_000_000 + count++);
    }
  } while (performance.now() < until);
  return (process.cpuUsage(start).user * 1000) / count;
}

const seconds = Number(process.argv[2] ?? 4);
const records = makeRecords();
const contenders: Contender[] = [
  { name: 'ensure + annotate', run: ours(await importBuilt()), bestNs: Infinity },
  { name: 'JSON.parse + JSON.stringify', run: parsed(), bestNs: Infinity },
];
for (let round = 0; round < ROUNDS; round++) {
  for (const contender of contenders) {
    contender.bestNs = Math.min(contender.bestNs, measure(contender.run, records, (seconds * 1000) / ROUNDS));
  }
}
const bytes = records.reduce((sum, record) => sum + record.length, 0) / records.length;
console.log(`records of ${bytes.toFixed(0)} B on average, one core`);
for (const { name, bestNs } of contenders) {
  console.log(
    `${name.padEnd(28)} ${(1e6 / bestNs).toFixed(0).padStart(6)} k docs/s  ${bestNs.toFixed(0).padStart(6)} ns`,
  );
}
const [fast, slow] = contenders.map((contender) => contender.bestNs);
console.log(`ratio ${((slow ?? 0) / (fast ?? 1)).toFixed(2)}`);
