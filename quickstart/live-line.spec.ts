import { formatLive } from './live-line.ts';

const sample = { recordsIn: 12345, indexed: 12000, forwarded: 11000, rejected: 6, lag: 1345 };

describe('formatLive', () => {
  it('shows what came in and what became of it', () => {
    expect(formatLive(sample, [], 61_900)).toBe(
      '  61 s | 12,345 in | 12,000 indexed | 11,000 forwarded | 6 rejected | lag 1,345',
    );
  });

  it('shows why a task does not move', () => {
    const troubles = [{ pipelineId: 'kafka-log', state: 'waiting', cause: 'OpenSearch does not answer' }];
    expect(formatLive(sample, troubles, 0)).toContain('| kafka-log waiting: OpenSearch does not answer');
  });
});
