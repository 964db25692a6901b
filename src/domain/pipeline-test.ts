/** A record as somebody writes it down: with one of `value` and `value_base64`. */
export interface WrittenRecord {
  /** Its text, as it is; null: a tombstone. */
  value?: string | null;
  /** For bytes that are no text. */
  value_base64?: string;
  partition?: number;
  offset?: number;
  /** Epoch ms. */
  timestamp?: number;
}

/** What shall become of a record. What is absent is not looked at. */
export interface TestExpectation {
  /** The text of a JSON object. */
  document?: string;
  /** The alias of the index base. */
  index?: string;
  id?: string;
  routing?: string;
  /** `reason`: a part of the reason. */
  rejected?: { code?: string; reason?: string };
  /** Left out by a handler. */
  dropped?: boolean;
  /** A tombstone that is passed over. */
  skipped?: boolean;
}

/** What a pipeline shall do to a record, as the owner wrote it. */
export interface PipelineTest {
  name: string;
  record: WrittenRecord;
  expect: TestExpectation;
}
