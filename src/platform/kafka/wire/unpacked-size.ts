const SNAPPY_FRAME = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const SNAPPY_FRAME_HEADER_BYTES = 16;
const LZ4_BLOCK_BYTES: Readonly<Record<number, number>> = { 4: 65_536, 5: 262_144, 6: 1_048_576, 7: 4_194_304 };
const LZ4_STORED = 0x8000_0000;

/**
 * What snappy bytes unpack to, read from their own lengths before anything is unpacked: these codecs cannot be told to
 * stop. Both the plain form and the frames of Java's producers. https://github.com/google/snappy/blob/main/format_description.txt
 */
export function snappySize(packed: Buffer): number {
  if (!packed.subarray(0, SNAPPY_FRAME.length).equals(SNAPPY_FRAME)) {
    return leadingVarint(packed, 0);
  }
  let total = 0;
  for (let at = SNAPPY_FRAME_HEADER_BYTES; at + 4 <= packed.length;) {
    const length = packed.readUInt32BE(at);
    total += leadingVarint(packed, at + 4);
    at += 4 + length;
  }
  return total;
}

/**
 * An upper bound of what an LZ4 frame unpacks to: its stated size, else a full block for each block in it.
 * https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
 */
export function lz4MaxSize(packed: Buffer): number {
  if (packed.length < 7) {
    return 0;
  }
  const flags = packed[4] ?? 0;
  const blockBytes = LZ4_BLOCK_BYTES[((packed[5] ?? 0) >> 4) & 0b111] ?? 0;
  const hasBlockChecksum = (flags & 0b1_0000) !== 0;
  const hasSize = (flags & 0b1000) !== 0;
  if (hasSize && packed.length >= 14) {
    return Number(packed.readBigUInt64LE(6));
  }
  const hasDictionary = (flags & 1) !== 0;
  let total = 0;
  for (let at = 7 + (hasDictionary ? 4 : 0); at + 4 <= packed.length;) {
    const word = packed.readUInt32LE(at);
    if (word === 0) {
      break;
    }
    const stored = word >= LZ4_STORED;
    const length = word % LZ4_STORED;
    total += stored ? length : blockBytes;
    at += 4 + length + (hasBlockChecksum ? 4 : 0);
  }
  return total;
}

function leadingVarint(bytes: Buffer, at: number): number {
  let value = 0;
  for (let scale = 1; at < bytes.length; scale *= 0x80) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      break;
    }
  }
  return value;
}
