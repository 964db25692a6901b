import { Injectable } from '@nestjs/common';
import type { Pipeline } from '../../domain/pipeline.js';
import { invalidRequest } from '../errors/api-error.js';
import { PipelineTrial } from '../preview/pipeline-trial.js';
import { testVerdict } from './test-verdict.js';
import { recordOf } from './written-record.js';

/** So that what is made of a record is the same each time. */
const PLACE = { partition: 0, offset: 0, timestamp: 0 };
const MAX_FAULTS = 100;

/** Holds a pipeline against its tests, before it is stored. */
@Injectable()
export class PipelineTests {
  constructor(private readonly trial: PipelineTrial) {}

  /** Rejects with InvalidParameter.Tests and what differs, when one of them fails. */
  async require(pipeline: Pipeline): Promise<void> {
    const { tests } = pipeline;
    if (tests.length === 0) {
      return;
    }
    const records = tests.map(({ record }) => recordOf(record, PLACE));
    const { entries } = await this.trial.run(pipeline, { kind: 'given', records });
    const [first, ...others] = entries.flatMap(({ outcome }, at) => {
      const test = tests[at];
      return test ? testVerdict(test, at, outcome) : [];
    });
    if (first) {
      throw invalidRequest([first, ...others.slice(0, MAX_FAULTS - 1)]);
    }
  }
}
