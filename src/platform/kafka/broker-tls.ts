import { isIP } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { readTlsFiles, type TlsFiles } from '../tls/tls-files.js';

export interface HostTls {
  secureContext: SecureContext;
  /** Sent as SNI, and looked for in the certificate; undefined for an address, which only the certificate is checked for. */
  servername: string | undefined;
}

/** The files of mq.tls are missing, no PEM, or do not belong together. */
export class TlsFilesUnusable extends Error {
  readonly code = 'TLS_FILES_UNUSABLE';

  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'TlsFilesUnusable';
  }
}

/** How one client encrypts its connections. */
export class BrokerTls {
  private context: SecureContext;

  /** Throws a TlsFilesUnusable. */
  constructor(private readonly files: TlsFiles) {
    this.context = readContext(files);
  }

  /**
   * For a connection that is made now, with the files as they are now: a renewed certificate is taken up. Never throws:
   * files that cannot be used at this moment, because they are just being replaced, leave the earlier ones in force.
   */
  forHost(host: string): HostTls {
    try {
      this.context = readContext(this.files);
    } catch (error) {
      if (!(error instanceof TlsFilesUnusable)) {
        throw error;
      }
    }
    return { secureContext: this.context, servername: isIP(host) === 0 ? host : undefined };
  }
}

function readContext(files: TlsFiles): SecureContext {
  try {
    return createSecureContext(readTlsFiles(files));
  } catch (error) {
    throw new TlsFilesUnusable(whatIsWrong(error as NodeJS.ErrnoException, files), error);
  }
}

function whatIsWrong({ code, path, message }: NodeJS.ErrnoException, files: TlsFiles): string {
  const setting = (['caFile', 'certFile', 'keyFile'] as const).find(
    (name) => path !== undefined && files[name] === path,
  );
  return setting
    ? `mq.tls.${setting} ${path} cannot be read (${code})`
    : `mq.tls.certFile, mq.tls.keyFile and mq.tls.keyPassphrase must be a PEM certificate with its key (${message})`;
}
