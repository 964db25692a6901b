import type { InputRecord } from '../factories/input-record.js';
import { destinationOf, REJECTED, stampedDocument, type StampedBases } from '../factories/stamping-change.js';
import type { PipelineBody } from './api-client.js';
import { readCommittedRecords } from './committed-records.js';
import type { SearchClient } from './search-client.js';

/** How one record left the pipeline, as its consumers see it. */
interface Left {
  place: string;
  step: number;
  /** Base of its output topic, or that it was rejected. */
  destination: string;
  /** The document, or the record as it came. */
  value: string;
  /** Of a rejected one. */
  revision?: number;
}

interface Document {
  base: string;
  id: string;
  source: string;
}

interface OutcomeOf {
  search: SearchClient;
  pipeline: PipelineBody;
  bases: StampedBases;
  /** Base → output topic. */
  topics: ReadonlyMap<string, string>;
  records: readonly InputRecord[];
}

const shown = 3;

/** What became of stamped records while their pipeline was changed. Every list of faults is to be empty; it has some examples. */
export class StampedOutcome {
  /** By place, in the order of each partition. */
  private readonly byPlace: Map<string, Left[]>;

  private constructor(
    private readonly left: readonly Left[],
    private readonly documents: readonly Document[],
    private readonly of: OutcomeOf,
  ) {
    this.byPlace = Map.groupBy(left, ({ place }) => place);
  }

  static async read(of: OutcomeOf): Promise<StampedOutcome> {
    const { search, pipeline, topics } = of;
    const left: Left[] = [];
    const documents: Document[] = [];
    for (const [base, topic] of topics) {
      for (const { value } of await readCommittedRecords(topic)) {
        const text = String(value);
        const { step, __id } = JSON.parse(text) as { step: number; __id: string };
        left.push({ place: placeOf(__id), step, destination: base, value: text });
      }
      const found = await search.documents(`mdl-${base}`);
      found.forEach((source, id) => documents.push({ base, id, source }));
    }
    for (const { value, headers } of await readCommittedRecords(pipeline.error_topic)) {
      left.push({
        place: `${headers['__source_partition']}@${headers['__source_offset']}`,
        step: Number(/ step (\d+)$/.exec(headers['__error_reason'] ?? '')?.[1]),
        destination: REJECTED,
        value: String(value),
        revision: Number(headers['__error_revision']),
      });
    }
    return new StampedOutcome(left, documents, of);
  }

  /** Steps by which records were processed. */
  get steps(): number[] {
    return [...new Set(this.left.map(({ step }) => step))].toSorted((a, b) => a - b);
  }

  /** Step → revisions that rejected records by it. */
  get revisions(): Map<number, number[]> {
    const rejected = Map.groupBy(
      this.left.filter(({ destination }) => destination === REJECTED),
      ({ step }) => step,
    );
    return new Map(
      [...rejected].map(([step, records]) => [step, [...new Set(records.map(({ revision = 0 }) => revision))]]),
    );
  }

  /** Records that no topic has, or that one or several have more than once. */
  lostOrDoubled(): string[] {
    return this.places().flatMap(({ place, n }) => {
      const found = this.byPlace.get(place) ?? [];
      return found.length === 1 ? [] : [`record ${n} at ${place} came out ${found.length} times`];
    });
  }

  /** Records that are not what their step makes of them, byte by byte, where that step has them go. */
  wrong(): string[] {
    return this.places().flatMap(({ place, n, value, id, timestamp }) =>
      (this.byPlace.get(place) ?? []).flatMap((left) => {
        const to = destinationOf(n, left.step, this.of.bases);
        const wanted = to === REJECTED ? value : stampedDocument(n, left.step, to, { id, timestamp });
        return left.destination === to && left.value === wanted
          ? []
          : [
              `record ${n} at ${place}, step ${left.step}: ${left.destination} has ${left.value} instead of ${to} ${wanted}`,
            ];
      }),
    );
  }

  /** Places of each topic and partition at which a record stands behind a later one. */
  disordered(): string[] {
    const last = new Map<string, number>();
    return this.left.flatMap(({ place, destination }) => {
      const [partition = '', offset = ''] = place.split('@');
      const key = `${destination} ${partition}`;
      const isLate = Number(offset) < (last.get(key) ?? -1);
      last.set(key, Number(offset));
      return isLate ? [`${place} in ${destination}`] : [];
    });
  }

  /** Places at which an earlier step follows a later one. */
  stepsBack(): string[] {
    const last = new Map<string, number>();
    return this.places().flatMap(({ place }) => {
      const [partition = ''] = place.split('@');
      const step = this.byPlace.get(place)?.[0]?.step ?? 0;
      const before = last.get(partition) ?? 0;
      last.set(partition, Math.max(step, before));
      return step < before ? [`step ${step} after ${before} at ${place}`] : [];
    });
  }

  /** Forwarded records whose document is not the same in OpenSearch. */
  notIndexed(): string[] {
    const found = new Map(this.documents.map(({ base, id, source }) => [`${base} ${id}`, source]));
    return this.places().flatMap(({ place, id }) =>
      (this.byPlace.get(place) ?? []).flatMap(({ destination, value }) => {
        const source = found.get(`${destination} ${id}`);
        return destination === REJECTED || source === value
          ? []
          : [`${place}: ${destination} has ${source ?? 'nothing'} instead of ${value}`];
      }),
    );
  }

  /** Documents that belong to no forwarded record; with the step that made them and the one that the record left by. */
  surplus(): { text: string; step: number; leftBy: number }[] {
    return this.documents.flatMap(({ base, id, source }) => {
      const [left] = this.byPlace.get(placeOf(id)) ?? [];
      const { step } = JSON.parse(source) as { step: number };
      return left?.destination === base ? [] : [{ text: `${base} ${id}: ${source}`, step, leftBy: left?.step ?? 0 }];
    });
  }

  private places() {
    const nextOffsets: number[] = [];
    return this.of.records.map(({ partition, timestamp, value }) => {
      const offset = nextOffsets[partition] ?? 0;
      nextOffsets[partition] = offset + 1;
      const text = String(value);
      return {
        ...{ n: (JSON.parse(text) as { n: number }).n, value: text, timestamp },
        ...{ place: `${partition}@${offset}`, id: `${this.of.pipeline.id}[${partition}]@${offset}-${timestamp}` },
      };
    });
  }
}

/** Some of a list, so that a failure can be read. */
export function few<T>(list: readonly T[]): readonly T[] {
  return list.slice(0, shown);
}

/** `orders[2]@17-1700000000000` is at `2@17`. */
function placeOf(id: string): string {
  const [, partition = '', offset = ''] = /\[(\d+)\]@(\d+)-\d+$/.exec(id) ?? [];
  return `${partition}@${offset}`;
}
