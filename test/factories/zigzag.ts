/** A variable-length integer by the arithmetic of the format's description, on 64-bit integers. */
export function zigzag(value: number): Buffer {
  const wide = BigInt(value);
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, (wide << 1n) ^ (wide >> 63n));
  for (; rest > 0x7fn; rest >>= 7n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
  }
  return Buffer.from([...bytes, Number(rest)]);
}
