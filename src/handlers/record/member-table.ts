/**
 * Where the members of one object stand in its bytes, in their order, kept up to date while the object is edited: so that a
 * record is walked through once and not once for each handler. Positions are those of the opening quote of the key, the first
 * byte of the value and the byte after it.
 */
export class MemberTable {
  readonly keyStarts: number[] = [];
  readonly valueStarts: number[] = [];
  readonly valueEnds: number[] = [];
  count = 0;

  clear(): void {
    this.count = 0;
  }

  add(keyStart: number, valueStart: number, valueEnd: number): void {
    const i = this.count++;
    this.keyStarts[i] = keyStart;
    this.valueStarts[i] = valueStart;
    this.valueEnds[i] = valueEnd;
  }

  /** The member whose key begins there goes; what stands behind it is moved by {@link spliced}. */
  remove(keyStart: number): void {
    const { keyStarts, valueStarts, valueEnds } = this;
    const index = keyStarts.indexOf(keyStart);
    if (index === -1 || index >= this.count) {
      return;
    }
    this.count--;
    for (let i = index; i < this.count; i++) {
      keyStarts[i] = keyStarts[i + 1]!;
      valueStarts[i] = valueStarts[i + 1]!;
      valueEnds[i] = valueEnds[i + 1]!;
    }
  }

  /** The bytes from `start` to `end` were replaced by `delta` more; a member that is put in or taken out is told apart. */
  spliced(start: number, end: number, delta: number): void {
    // What ends where something is put in stays; what ends with what is replaced grows with it.
    const first = end > start ? end : end + 1;
    const { keyStarts, valueStarts, valueEnds } = this;
    for (let i = this.count - 1; i >= 0 && valueEnds[i]! >= first; i--) {
      valueEnds[i]! += delta;
      if (valueStarts[i]! >= first) {
        valueStarts[i]! += delta;
      }
      if (keyStarts[i]! >= first) {
        keyStarts[i]! += delta;
      }
    }
  }
}
