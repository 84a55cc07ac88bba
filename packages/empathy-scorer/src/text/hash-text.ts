/** A 32-bit hash of a text (FNV-1a over UTF-16 units, then murmur3's finaliser): the same everywhere. */
export function hashText(text: string, seed = 0): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return mixHash(hash);
}

/** Joins the hash of a sequence with the hash of its next member. */
export function chainHash(sequence: number, next: number): number {
  return (Math.imul(sequence ^ (sequence >>> 15), 0x2c1b3c6d) + next) | 0;
}

/** Spreads every bit of a 32-bit number over all others; the result is not negative. */
export function mixHash(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
