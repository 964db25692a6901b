import { IsHeaderList } from './header-list.js';
import { IsFlag, IsHttpAddress, IsNumberBetween, IsWholeNumber } from './rules.js';
import { Secret } from './secret.js';

/** OpenTelemetry traces. Off: no module of OpenTelemetry is loaded. */
export class TracingConfig {
  /** Record spans of requests, SQL, Kafka and records, and send them to the endpoint. */
  @IsFlag()
  readonly enabled: boolean = false;

  /** OTLP/HTTP address of a collector. */
  @IsHttpAddress()
  readonly endpoint: string = 'http://localhost:4318/v1/traces';

  /** Headers of each export, such as `authorization=Bearer x`; several are separated by commas. Empty: none. */
  @Secret()
  @IsHeaderList(8192)
  readonly headers: string = '';

  /** Share of the traces that begin here which are recorded. A trace that a caller or a record brings is recorded when they say so. */
  @IsNumberBetween(0, 1)
  readonly sampleRatio: number = 0.01;

  /** An export that takes longer is given up. */
  @IsWholeNumber(100, 60_000)
  readonly exportTimeoutMs: number = 10_000;
}
