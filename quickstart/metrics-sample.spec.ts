import { sampleOf } from './metrics-sample.ts';

const text = `# HELP sdp_records_in_total Records read from the input topic.
# TYPE sdp_records_in_total counter
sdp_records_in_total{pipeline="a",task="0"} 10
sdp_records_in_total{pipeline="a",task="1"} 5
sdp_records_in_total{pipeline="b",task="0"} 1
sdp_records_in_total{pipeline="stranger",task="0"} 100
sdp_records_rejected_total{task="0",stage="index",pipeline="a",code="DOCUMENT_REJECTED"} 2
sdp_lag_records{pipeline="a",task="0",partition="3"} 1e3
process_cpu_seconds_total 1.5
`;

describe('sampleOf', () => {
  it('sums the series of the pipelines, and of no others', () => {
    const sample = sampleOf(text, new Set(['a', 'b']));
    expect(sample).toEqual({ recordsIn: 16, indexed: 0, forwarded: 0, rejected: 2, lag: 1000 });
  });
});
