/** The seed of a run of random histories: SDP_TEST_SEED repeats one, else each run has its own. */
export const fuzzSeed = Number(process.env.SDP_TEST_SEED ?? Math.trunc(Math.random() * 2 ** 31));
