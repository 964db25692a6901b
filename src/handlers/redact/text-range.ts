import type { ComputingTime } from '../computing-time.js';

/** A part of a text: from its first character to the one after its last. */
export interface TextRange {
  start: number;
  end: number;
}

/** Finds parts of a text, in any order; a text when it cannot: what is wrong with the text. */
export type RangeFinder = (text: string, time: ComputingTime) => TextRange[] | string;

/** The text with each of these parts masked; parts that overlap are one. */
export function maskRanges(text: string, ranges: readonly TextRange[], mask: string): string {
  let masked = '';
  let from = 0;
  for (const { start, end } of merged(ranges)) {
    masked += text.slice(from, start) + mask;
    from = end;
  }
  return masked + text.slice(from);
}

function merged(ranges: readonly TextRange[]): TextRange[] {
  const apart: TextRange[] = [];
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = apart.at(-1);
    if (last && start < last.end) {
      last.end = Math.max(last.end, end);
    } else {
      apart.push({ start, end });
    }
  }
  return apart;
}
