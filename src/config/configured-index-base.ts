import { INDEX_BASE_PATTERN } from '../domain/index-base.js';
import { FileKey } from './file-key.js';
import { IsFilledText, IsMatching } from './rules.js';

/** What automatic creation writes into the mapping of a base. */
export class ConfiguredIndexBase {
  /** Name of the base. */
  @FileKey('base_type')
  @IsMatching(INDEX_BASE_PATTERN, '1 to 100 lower-case letters, digits, _ or -, beginning with a letter or digit')
  readonly baseType: string;

  /** What annotation writes into its documents as their data type. */
  @FileKey('data_type')
  @IsFilledText(100)
  readonly dataType: string;

  /** log, metric, trace or any other word. */
  @IsFilledText(100)
  readonly category: string = 'log';
}
