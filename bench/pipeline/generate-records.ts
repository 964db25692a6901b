/** A small seeded generator (mulberry32), so that every run reads the same records. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const services = ['checkout', 'cart', 'payment', 'frontend', 'shipping', 'recommendation'];
const messages = [
  'order placed successfully',
  'failed to charge card: could not charge the card: rpc error',
  'received ad request (context_words=[binoculars])',
];

/** An OpenTelemetry log of about 0.8 kB, with integers that a double cannot hold. */
export function telemetryLog(random: () => number, index: number): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
  const nanoseconds = 1_735_689_600_000_000_000n + BigInt(index) * 1_234_567n;
  const second = String(index % 60).padStart(2, '0');
  const micros = String(Math.floor(random() * 1e6)).padStart(6, '0');
  const userId = 9_007_199_254_740_993n + BigInt(Math.floor(random() * 1e9));
  return (
    `{"@timestamp":"2025-01-01T00:00:${second}.${micros}Z","observedTimeUnixNano":${nanoseconds},` +
    `"traceId":"${hex(32)}","spanId":"${hex(16)}","severityNumber":${pick([5, 9, 13, 17])},` +
    `"severityText":"${pick(['DEBUG', 'INFO', 'WARN'])}","body":"${pick(messages)} ${hex(36)}",` +
    `"resource":{"service.name":"${pick(services)}","service.instance.id":"${hex(36)}",` +
    `"k8s.pod.name":"${pick(services)}-${hex(10)}","k8s.namespace.name":"demo","telemetry.sdk.language":"go"},` +
    `"attributes":{"http.request.method":"GET","url.path":"/api/${pick(services)}/${hex(8)}",` +
    `"http.response.status_code":${pick([200, 404, 500])},"user_agent.original":"Mozilla/5.0 (X11; Linux x64)",` +
    `"server.port":8080,"app.order.amount":${(random() * 500).toFixed(2)},"app.user.id":${userId}},"flags":1}`
  );
}

/** The texts as records, side by side in one buffer as in a fetch. */
export function sideBySide(texts: readonly string[]): Buffer[] {
  const fetched = Buffer.from(texts.join(''));
  let start = 0;
  return texts.map((text) => {
    const record = fetched.subarray(start, start + Buffer.byteLength(text));
    start += record.length;
    return record;
  });
}
