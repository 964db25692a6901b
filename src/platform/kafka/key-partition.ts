const SEED = 0x9747b28c;
const MIX = 0x5bd1e995;
const POSITIVE = 0x7fffffff;

/** The partition that Kafka's own clients choose for a key: murmur2, modulo the partitions of the topic. */
export function keyPartition(key: Buffer, partitionCount: number): number {
  return (murmur2(key) & POSITIVE) % partitionCount;
}

/** As org.apache.kafka.common.utils.Utils.murmur2: words of four bytes, then what is left. */
function murmur2(bytes: Buffer): number {
  const wordsEnd = bytes.length & ~3;
  let hash = SEED ^ bytes.length;
  for (let at = 0; at < wordsEnd; at += 4) {
    let word = Math.imul(bytes.readInt32LE(at), MIX);
    word = Math.imul(word ^ (word >>> 24), MIX);
    hash = Math.imul(hash, MIX) ^ word;
  }
  if (wordsEnd < bytes.length) {
    hash = Math.imul(hash ^ bytes.readUIntLE(wordsEnd, bytes.length - wordsEnd), MIX);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MIX);
  return hash ^ (hash >>> 15);
}
