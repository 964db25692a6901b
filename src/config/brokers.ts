/** One broker of `mq.mqHost`: a name, an IPv4 address or an IPv6 address in brackets, perhaps with a port. */
const BROKER = /^(\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9](?:[a-zA-Z0-9._-]*))(?::(\d{1,5}))?$/;

/**
 * Bootstrap addresses as `host:port`, in the order written; a host without a port gets `mqPort`.
 * Never empty for a validated configuration.
 */
export function brokersOf(mq: { mqHost: string; mqPort: number }): string[] {
  return mq.mqHost.split(',').map((part) => {
    const match = BROKER.exec(part.trim());
    return `${match?.[1] ?? part.trim()}:${match?.[2] ?? mq.mqPort}`;
  });
}

export function isBrokerList(value: unknown): boolean {
  return typeof value === 'string' && value.split(',').every((part) => isBroker(part.trim()));
}

function isBroker(text: string): boolean {
  const match = BROKER.exec(text);
  return match !== null && (match[2] === undefined || (Number(match[2]) >= 1 && Number(match[2]) <= 65535));
}
