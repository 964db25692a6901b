/** Names of the settings that a text about a fault points at. */
export interface TlsSettings {
  /** Section of the files, such as `opensearch.tls`. */
  section: string;
  /** Setting that holds the address of the other side, such as `opensearch.nodes`. */
  address: string;
}

interface Meaning {
  /** Looked for in the code and the message of the error: some clients put a code of their own over that of Node. */
  sign: RegExp;
  /** What it means and what helps; follows the name of the other side. */
  tell: (settings: TlsSettings, error: Error) => string;
}

/** In this order: the first sign that fits counts. */
const MEANINGS: readonly Meaning[] = [
  {
    sign: /ERR_TLS_CERT_ALTNAME_INVALID|does not match certificate's altnames/,
    tell: ({ address }, error) =>
      `shows a certificate for another name (${reasonOf(error)}): use a name of the certificate in ${address}, or give the server a certificate with this name`,
  },
  {
    sign: /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|certificate has expired|certificate is not yet valid/,
    tell: (_, error) =>
      `shows a certificate that is not valid now (${error.message}): renew it there, and compare the clocks`,
  },
  {
    sign: /SELF_SIGNED_CERT|self-signed certificate|UNABLE_TO_(VERIFY|GET_ISSUER)|unable to (verify|get)|CERT_UNTRUSTED|INVALID_CA|CERT_SIGNATURE_FAILURE/,
    tell: ({ section }, error) =>
      `shows a certificate of an authority that is not trusted (${error.message}): ${section}.caFile must hold the authority that issued it`,
  },
  {
    sign: /alert (certificate|bad certificate|unknown ca|unsupported certificate|access denied|handshake failure)/i,
    tell: ({ section }, error) =>
      `refuses the handshake (${alertOf(error)}): ${section}.certFile and ${section}.keyFile must hold a client certificate that it accepts`,
  },
  {
    sign: /wrong version number|packet length too long|http request|record layer failure/i,
    tell: ({ address }) => `does not speak TLS: correct the address in ${address}, or let the server use TLS`,
  },
  {
    sign: /before secure TLS connection was established/,
    tell: ({ section, address }) =>
      `closed the connection while TLS was being agreed on: check whether it speaks TLS (${address}) and which client certificates it accepts (${section}.certFile, ${section}.keyFile)`,
  },
];

/** Faults of our own files, which are found before anything is sent. */
const OWN_FILES: readonly Meaning[] = [
  {
    sign: /^(ENOENT|EACCES|EISDIR|EPERM|ENOTDIR) /,
    tell: ({ section }, error) => `a file of ${section} cannot be read (${error.message})`,
  },
  {
    sign: /BAD_DECRYPT|MISSING_PASSPHRASE|INTERRUPTED_OR_CANCELLED/,
    tell: ({ section }) => `${section}.keyFile is encrypted: ${section}.keyPassphrase must be its pass phrase`,
  },
  {
    sign: /KEY_VALUES_MISMATCH|KEY_TYPE_MISMATCH/,
    tell: ({ section }) => `${section}.keyFile is not the private key of the certificate in ${section}.certFile`,
  },
  {
    sign: /ERR_OSSL_/,
    tell: ({ section }, error) =>
      `${section}.certFile and ${section}.keyFile must be PEM files with a certificate and a private key (${error.message})`,
  },
];

/**
 * What a fault of TLS means and what helps, in the words of the settings; `peer` names the other side. Undefined when the
 * fault has nothing to do with TLS. Holds no secret.
 */
export function tlsFault(error: Error, peer: string, settings: TlsSettings): string | undefined {
  const text = `${codeOf(error)} ${error.message}`;
  const own = OWN_FILES.find(({ sign }) => sign.test(text));
  if (own) {
    return own.tell(settings, error);
  }
  const found = MEANINGS.find(({ sign }) => sign.test(text));
  return found && `${peer} ${found.tell(settings, error)}`;
}

function codeOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : '';
}

function reasonOf(error: Error): string {
  return error.message.replace("Hostname/IP does not match certificate's altnames: ", '').replace(/[\s:]+$/, '');
}

/** OpenSSL writes `...:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:../deps/...`. */
function alertOf(error: Error): string {
  return /alert [a-z ]+/i.exec(error.message)?.[0] ?? error.message;
}
