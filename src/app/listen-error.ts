import type { ListenerAddress } from './listener-address.js';

/** A listener could not be opened; the message names the setting to change, in one line. */
export class ListenError extends Error {
  constructor(address: ListenerAddress, cause: unknown) {
    super(messageOf(address, cause), { cause });
    this.name = 'ListenError';
  }
}

function messageOf({ port, host, settings }: ListenerAddress, cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  switch (code) {
    case 'EADDRINUSE':
      return `${settings.port}: port ${port} of ${host} is already in use`;
    case 'EACCES':
      return `${settings.port}: no permission to listen on port ${port} of ${host}`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${settings.host}: ${host} is not an address of this machine`;
    case undefined:
    default:
      return `${settings.port}: cannot listen on port ${port} of ${host}: ${message}`;
  }
}
