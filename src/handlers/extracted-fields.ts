import { next, type Outcome } from '../stream/outcome.js';
import { fieldOption, readPath } from './field-option.js';
import { writeValue } from './field-value.js';
import { OptionFault, type OptionSchema } from './handler-type.js';
import type { FieldPath, PathSegment } from './record/field-path.js';
import type { JsonDocument } from './record/json-document.js';

/** A field taken out of a text. */
export interface ExtractedField {
  path: FieldPath;
  json: string;
}

/** Schema of the option that says where the fields go. */
export const targetOption: OptionSchema = fieldOption(
  'The object that the fields become part of; without one they stand at the top of the record',
  'parsed',
);

/** Where a field stands, below the target if there is one. */
export function placeBelow(target: FieldPath | undefined, option: string, name: string): FieldPath {
  const path = readPath(option, name);
  return target ? below(target, path.text, path.segments) : path;
}

/** The place of a field whose name is in the data: dots in it divide nothing. */
export function below(target: FieldPath | undefined, text: string, segments: readonly PathSegment[]): FieldPath {
  return target ? { text: `${target.text}.${text}`, segments: [...target.segments, ...segments] } : { text, segments };
}

/** One field cannot hold both a text and other fields. */
export function checkPlaces(option: string, places: readonly FieldPath[]): void {
  for (const outer of places) {
    const inner = places.find((place) => isWithin(place, outer));
    if (inner) {
      throw new OptionFault(option, `gives both ${outer.text} and ${inner.text}, which would be within it`);
    }
  }
}

/** Writes all of them, or says which one has no room. */
export function writeFields(record: JsonDocument, fields: readonly ExtractedField[]): Outcome {
  for (const { path, json } of fields) {
    const outcome = writeValue(record, path, json);
    if (outcome !== next) {
      return outcome;
    }
  }
  return next;
}

function isWithin(inner: FieldPath, outer: FieldPath): boolean {
  return (
    inner.segments.length > outer.segments.length &&
    outer.segments.every(({ name }, index) => name === inner.segments[index]?.name)
  );
}
