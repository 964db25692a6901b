import type { Outcome } from '../stream/outcome.js';
import type { PatternReader } from './pattern-reader.js';
import type { JsonDocument } from './record/json-document.js';

/** What a handler does to the record at hand. It changes the document, or says that the record stops or fails here. */
export type RecordStep = (record: JsonDocument) => Outcome | PromiseLike<Outcome>;

/** The JSON schema of one option; it is what callers read in the API document and what their options are checked by. */
export interface OptionSchema {
  readonly description: string;
  readonly example: unknown;
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  readonly [keyword: string]: unknown;
}

/** A record before and after, which is shown to callers and which a test runs. */
export interface HandlerExample {
  readonly options: Readonly<Record<string, unknown>>;
  readonly before: string;
  /** The document; or `dropped: why`, or `rejected: why`. */
  readonly after: string;
}

/** What a handler may need besides its options. */
export interface HandlerResources {
  /** The secret that the configuration has under this name; undefined when it has none. */
  secret(name: string): string | undefined;
}

/** What options are compiled with. */
export interface CompileResources extends HandlerResources {
  /** Shared by the handlers of one list. */
  patterns: PatternReader;
}

/** A kind of configured handler: what it is called, what it may be told, and what it does. */
export interface HandlerType<TOptions extends object = object> {
  /** Its name in a pipeline's `handlers`. */
  readonly type: string;
  /** One sentence for the API document. */
  readonly description: string;
  readonly options: Readonly<Record<keyof TOptions & string, OptionSchema>>;
  readonly required: readonly (keyof TOptions & string)[];
  readonly example: HandlerExample;
  /**
   * Called once a task, and once a check. Options have passed their schema; throws an {@link OptionFault} for what a schema
   * cannot tell.
   */
  compile(options: TOptions, resources: CompileResources): RecordStep;
}

/** An option that cannot be used. The message continues the option's name: "is not a regular expression: ...". */
export class OptionFault extends Error {
  constructor(
    readonly option: string,
    fault: string,
  ) {
    super(fault);
  }
}
