import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { DELIVERIES, type Delivery } from '../domain/pipeline.js';
import { IsMatching, IsOneOf, IsWholeNumber } from './rules.js';
import { TopicNamesConfig } from './topic-names-config.js';

export const OFFSET_RESETS = ['earliest', 'latest'] as const;
export type OffsetReset = (typeof OFFSET_RESETS)[number];

export class KafkaConfig {
  /** A worker, or a task, that is silent this long has lost its partitions to others. */
  @IsWholeNumber(6000, 1_800_000)
  readonly sessionTimeoutMs: number = 45_000;

  /**
   * Ceiling of requestTimeoutMs, for those who set it in the service that this one replaces: the shorter one counts.
   * Neither ends the wait for a rebalance, which maxPollIntervalMs bounds.
   */
  @IsWholeNumber(1000, 600_000)
  readonly socketTimeoutMs: number = 60_000;

  /**
   * How long a rebalance of a pipeline's group waits for members that have not come back. Who is not there by then has
   * lost its partitions.
   */
  @IsWholeNumber(10_000, 86_400_000)
  readonly maxPollIntervalMs: number = 300_000;

  /** Where a pipeline without committed offsets begins to read. */
  @IsOneOf(OFFSET_RESETS)
  readonly autoOffsetReset: OffsetReset = 'earliest';

  /**
   * A request that a broker does not answer for this long has failed; it is sent again, perhaps to another one. Less
   * than sessionTimeoutMs.
   */
  @IsWholeNumber(500, 600_000)
  readonly requestTimeoutMs: number = 10_000;

  /** Time for one step of topic administration, retries included; an API call waits for it. */
  @IsWholeNumber(500, 120_000)
  readonly adminTimeoutMs: number = 5000;

  /** Name of this program in the brokers' logs and quotas. */
  @IsMatching(/^[a-zA-Z0-9._-]{1,200}$/, '1 to 200 letters, digits, ".", "_" or "-"')
  readonly clientId: string = 'flow-stream-data-pipeline';

  /** Of topics that this service creates; -1: the broker's default. */
  @IsWholeNumber(1, 32_767, { or: -1 })
  readonly replicationFactor: number = -1;

  /** Of an input topic that this service creates; -1: the broker's default. */
  @IsWholeNumber(1, 10_000, { or: -1 })
  readonly inputPartitions: number = -1;

  /** How long rejected records stay in an error topic that this service creates. */
  @IsWholeNumber(1, 87_600)
  readonly errorRetentionHours: number = 168;

  /** A transaction open for longer is aborted by the broker. */
  @IsWholeNumber(1000, 900_000)
  readonly transactionTimeoutMs: number = 30_000;

  /**
   * exactly_once: output records, error records and offsets in one transaction; at_least_once: without transactions, where
   * brokers or rights do not allow them: after a crash or a rebalance records may be in the output topic twice.
   */
  @IsOneOf(DELIVERIES)
  readonly delivery: Delivery = 'exactly_once';

  /**
   * Names of topics and groups, as templates: `<tenant>` is the setting below, `<id>` the id of the pipeline,
   * `<index_base>` its index base.
   */
  @ValidateNested()
  @Type(() => TopicNamesConfig)
  readonly names: TopicNamesConfig = new TopicNamesConfig();
}
