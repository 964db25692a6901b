/** What the program counts, summed over the pipelines of the quickstart; for the live line, never for a check. */
export interface MetricsSample {
  recordsIn: number;
  indexed: number;
  forwarded: number;
  rejected: number;
  lag: number;
}

/** Reads a text in Prometheus' format. A metric that is not there yet counts as 0. */
export function sampleOf(text: string, pipelineIds: ReadonlySet<string>): MetricsSample {
  const sums = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name = '', labels = '', value] = /^(\w+)\{(.*)\} (\S+)/.exec(line) ?? [];
    const pipeline = /(?:^|,)pipeline="([^"]*)"/.exec(labels)?.[1] ?? '';
    if (pipelineIds.has(pipeline)) sums.set(name, (sums.get(name) ?? 0) + Number(value));
  }
  const sum = (name: string) => sums.get(name) ?? 0;
  return {
    recordsIn: sum('sdp_records_in_total'),
    indexed: sum('sdp_records_indexed_total'),
    forwarded: sum('sdp_records_forwarded_total'),
    rejected: sum('sdp_records_rejected_total'),
    lag: sum('sdp_lag_records'),
  };
}
