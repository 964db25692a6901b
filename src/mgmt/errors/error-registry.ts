import { dependencyErrors } from './dependency-errors.js';
import type { ErrorEntry } from './error-entry.js';
import { invalidParameterErrors } from './invalid-parameter-errors.js';
import { limitErrors } from './limit-errors.js';
import { stateErrors } from './state-errors.js';

const entries = { ...invalidParameterErrors, ...limitErrors, ...stateErrors, ...dependencyErrors };

/** `<Class>.<Name>`; on the wire with the prefix of {@link wireCode}. */
export type ErrorCode = keyof typeof entries;

/** Every error of the HTTP API: its status and its texts. docs/errors.md says the same, and a test compares them. */
export const errorRegistry: Readonly<Record<ErrorCode, ErrorEntry>> = entries;

export const errorCodes = Object.keys(entries) as ErrorCode[];

export function wireCode(code: ErrorCode): string {
  return `StreamDataPipeline.${code}`;
}
