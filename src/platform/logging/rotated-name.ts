import { basename, dirname, extname, join } from 'node:path';

/** As lumberjack writes them, in UTC: `2026-01-31T23-59-59.000`. Sorts by time. */
const STAMP = /^(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d\.\d{3})$/;

/** The names under which one log file is put aside: `orders.log` becomes `orders-2026-01-31T23-59-59.000.log` beside it. */
export class RotatedName {
  readonly folder: string;
  private readonly prefix: string;
  private readonly extension: string;

  constructor(file: string) {
    this.folder = dirname(file);
    this.extension = extname(file);
    this.prefix = `${basename(file, this.extension)}-`;
  }

  /** The whole path. */
  at(epochMs: number): string {
    const stamp = new Date(epochMs).toISOString().slice(0, -1).replaceAll(':', '-');
    return join(this.folder, this.prefix + stamp + this.extension);
  }

  /** Epoch ms at which a file of this name (without its folder) was put aside; undefined when the name is not one of ours. */
  timeOf(name: string): number | undefined {
    if (!name.startsWith(this.prefix) || !name.endsWith(this.extension)) {
      return undefined;
    }
    const stamp = name.slice(this.prefix.length, name.length - this.extension.length);
    const time = STAMP.test(stamp) ? Date.parse(stamp.replace(STAMP, '$1$2:$3:$4Z')) : NaN;
    return Number.isNaN(time) ? undefined : time;
  }
}
