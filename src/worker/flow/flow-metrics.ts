/** Counts since the last take; plain numbers, so that counting costs nothing. */
export class FlowMetrics {
  recordsIn = 0;
  bytesIn = 0;
  indexed = 0;
  forwarded = 0;
  skipped = 0;
  dropped = 0;
  superseded = 0;
  lostToRetention = 0;
  bulkRetries = 0;
  /** Records by `stage code`. */
  rejected = new Map<string, { stage: string; code: string; count: number }>();
  bulkSeconds: number[] = [];
  transactionSeconds: number[] = [];

  reject(stage: string, code: string): void {
    const key = `${stage} ${code}`;
    const entry = this.rejected.get(key);
    if (entry) {
      entry.count++;
    } else {
      this.rejected.set(key, { stage, code, count: 1 });
    }
  }

  /** Starts all counts at zero again; the lists are new ones, so that the old ones can be given away. */
  reset(): void {
    Object.assign(this, new FlowMetrics());
  }
}
