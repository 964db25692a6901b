import { Pipelines1763700000000 } from './1763700000000-pipelines.js';

/** In the order in which they run. */
export const migrations = [Pipelines1763700000000];
