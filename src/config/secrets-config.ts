import { InputFile } from './input-file.js';
import { IsText } from './rules.js';

export class SecretsConfig {
  /** File with the key that decrypts `${enc:...}` values: 32 bytes, in base64. Empty: there are none. */
  @InputFile()
  @IsText()
  readonly keyFile: string = '';
}
