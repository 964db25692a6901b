import { InputFile } from './input-file.js';
import { IsFlag, IsText } from './rules.js';
import { Secret } from './secret.js';

/** Whom a client trusts, and who it says it is. All files are PEM; they are read whenever a connection is prepared. */
export class TlsConfig {
  /** PEM file with the authorities to trust; empty: those that Node.js knows. */
  @InputFile()
  @IsText()
  readonly caFile: string = '';

  /** PEM file with this client's certificate, and those between it and the authority; empty: none is shown. */
  @InputFile()
  @IsText()
  readonly certFile: string = '';

  /** PEM file with the private key of the certificate. */
  @InputFile()
  @IsText()
  readonly keyFile: string = '';

  /** Passphrase of the private key, if that is encrypted. */
  @Secret()
  @IsText()
  readonly keyPassphrase: string = '';
}

/** For protocols whose address does not tell whether TLS is meant. */
export class SwitchedTlsConfig extends TlsConfig {
  /** Encrypt the connections, and check the name and the issuer of the other side. */
  @IsFlag()
  readonly enabled: boolean = false;
}
