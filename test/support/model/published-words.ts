import { readCommittedRecords } from '../committed-records.js';

/** The last word on a task in a partition of the control topic; undefined: the workers have forgotten it. */
export interface LastWord {
  key: string;
  partition: number;
  word: { desired: string; revision: number } | undefined;
}

export interface PublishedWords {
  last: LastWord[];
  /** How often the workers were told to forget a task. */
  tombstones: number;
  /** Where a lower revision follows a higher one, in words; to be empty. */
  stepsBack: string[];
}

/** All that the workers were ever told. Throws when something of it is missing: then it would prove nothing. */
export async function publishedWords(topic: string): Promise<PublishedWords> {
  const highest = new Map<string, number>();
  const last = new Map<string, LastWord>();
  const nextOffsets = new Map<number, number>();
  const stepsBack: string[] = [];
  let tombstones = 0;
  for (const { partition, offset, key, value } of await readCommittedRecords(topic)) {
    if (offset !== (nextOffsets.get(partition) ?? 0)) {
      throw new Error(`${topic}[${partition}] has no record before offset ${offset}: it was compacted`);
    }
    nextOffsets.set(partition, offset + 1);
    const place = `${String(key)} in partition ${partition}`;
    const word = value === null ? undefined : (JSON.parse(value.toString()) as { desired: string; revision: number });
    tombstones += word ? 0 : 1;
    last.set(place, { key: String(key), partition, word });
    if (word && word.revision < (highest.get(place) ?? 0)) {
      stepsBack.push(`${place}: ${word.revision} after ${highest.get(place)}, at offset ${offset}`);
    }
    highest.set(place, Math.max(highest.get(place) ?? 0, word?.revision ?? 0));
  }
  return { last: [...last.values()], tombstones, stepsBack };
}
