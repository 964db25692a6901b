interface Series {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const outcomes = ['indexed', 'superseded', 'skipped', 'dropped', 'rejected'].map((name) => `sdp_records_${name}_total`);

/** One scrape, as Prometheus reads it. */
export class MetricsPage {
  readonly series: readonly Series[];

  constructor(lines: readonly string[]) {
    this.series = lines.flatMap((line) => {
      const [, name = '', labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', text = '']) => [label, text] as const);
      return name === '' ? [] : [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
    });
  }

  /** Over all series of the name that have these labels. */
  sum(name: string, labels: Record<string, string> = {}): number {
    return this.matching(name, labels).reduce((sum, { value }) => sum + value, 0);
  }

  has(name: string, labels: Record<string, string> = {}): boolean {
    return this.matching(name, labels).length > 0;
  }

  /** The rejected records of a pipeline by stage and code, without those of which there is none. */
  rejections(pipeline: string): Record<string, number> {
    const found: Record<string, number> = {};
    for (const { labels, value } of this.matching('sdp_records_rejected_total', { pipeline })) {
      const kind = `${labels['stage']} ${labels['code']}`;
      found[kind] = (found[kind] ?? 0) + value;
    }
    return found;
  }

  /** Tasks of which records are missing or too many: read and not replayed, but nowhere, or somewhere twice. */
  imbalances(): string[] {
    return this.matching('sdp_records_in_total', {}).flatMap(({ labels, value: read }) => {
      const replayed = this.sum('sdp_records_replayed_total', labels);
      const inFlight = this.sum('sdp_records_in_flight', labels);
      const out = outcomes.map((name) => this.sum(name, labels));
      const final = out.reduce((sum, value) => sum + value, 0);
      return read - replayed === final + inFlight
        ? []
        : [`${labels['pipeline']}#${labels['task']}: ${read} - ${replayed} != ${out.join(' + ')} + ${inFlight}`];
    });
  }

  private matching(name: string, labels: Record<string, string>): Series[] {
    const wanted = Object.entries(labels);
    return this.series.filter(
      (series) => series.name === name && wanted.every(([label, text]) => series.labels[label] === text),
    );
  }
}
