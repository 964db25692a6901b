/**
 * Zigzag variable-length integers of Kafka's record format, without BigInt: lengths and deltas fit 53 bits.
 * https://kafka.apache.org/documentation/#record
 */
export function varintSize(value: number): number {
  let zigzag = value >= 0 ? value * 2 : -value * 2 - 1;
  let size = 1;
  while (zigzag >= 0x80) {
    zigzag = Math.floor(zigzag / 0x80);
    size++;
  }
  return size;
}

/** Writes the integer at the position and returns the position after it. */
export function writeVarint(out: Buffer, position: number, value: number): number {
  let zigzag = value >= 0 ? value * 2 : -value * 2 - 1;
  while (zigzag >= 0x80) {
    out[position++] = (zigzag % 0x80) | 0x80;
    zigzag = Math.floor(zigzag / 0x80);
  }
  out[position++] = zigzag;
  return position;
}

/** A reader with a position, so that a value and its end come from one call without an object for each. */
export class VarintReader {
  position = 0;

  constructor(private bytes: Buffer) {}

  reset(bytes: Buffer, position: number): void {
    this.bytes = bytes;
    this.position = position;
  }

  read(): number {
    let byte = this.next();
    if (byte < 0x80) {
      return byte & 1 ? -((byte + 1) >> 1) : byte >> 1;
    }
    let zigzag = byte & 0x7f;
    let scale = 0x80;
    do {
      byte = this.next();
      zigzag += (byte & 0x7f) * scale;
      scale *= 0x80;
    } while (byte >= 0x80);
    return zigzag % 2 === 1 ? -(zigzag + 1) / 2 : zigzag / 2;
  }

  private next(): number {
    const byte = this.bytes[this.position++];
    if (byte === undefined) {
      throw new RangeError('record ends inside a variable-length integer');
    }
    return byte;
  }
}
