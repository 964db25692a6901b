import type { InputRecord } from '../factories/input-record.js';
import { actualOutcome } from './actual-outcome.js';
import type { PipelineBody } from './api-client.js';
import { mapDifferences, noDifferences, sequenceDifferences } from './differences.js';
import { expectedOutcome } from './expected-outcome.js';
import type { Installation } from './installation.js';

/**
 * Waits until the pipeline has committed all of its input, and expects that exactly these records are in OpenSearch, in
 * the output topic and in the error topic: nothing lost, nothing twice, in order, byte by byte.
 */
export async function expectExactOutcome(
  { kafka, search, group }: Installation,
  pipeline: PipelineBody,
  records: readonly InputRecord[],
  seen: () => unknown,
): Promise<void> {
  await kafka.caughtUp(group(pipeline.id), pipeline.input_topic, seen);
  const expected = expectedOutcome(records, pipeline);
  const actual = await actualOutcome(search, pipeline);
  expect(mapDifferences(expected.documents, actual.documents)).toEqual(noDifferences);
  expect(sequenceDifferences(expected.forwarded, actual.forwarded)).toEqual([]);
  expect(mapDifferences(expected.rejected, actual.rejected)).toEqual(noDifferences);
  expect(actual.errors).toHaveLength(expected.rejected.size);
}
