import { Pipelines1763700000000 } from './1763700000000-pipelines.js';
import { VersionsAndTransitions1763800000000 } from './1763800000000-versions-and-transitions.js';
import { Policies1763900000000 } from './1763900000000-policies.js';
import { RecordedWishes1764050000000 } from './1764050000000-recorded-wishes.js';
import { PipelineTests1764150000000 } from './1764150000000-pipeline-tests.js';

/** In the order in which they run. */
export const migrations = [
  Pipelines1763700000000,
  VersionsAndTransitions1763800000000,
  Policies1763900000000,
  RecordedWishes1764050000000,
  PipelineTests1764150000000,
];
