import { InputFile } from './input-file.js';
import { IsText } from './rules.js';

export class SecretsConfig {
  /** File with the key of `${enc:...}` values: 32 bytes in base64. Empty: no value is encrypted. */
  @InputFile()
  @IsText()
  readonly keyFile: string = '';
}
