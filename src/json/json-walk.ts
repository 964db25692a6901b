/** How deep containers may stand within each other, the top-level object included. */
export const MAX_DEPTH = 200;

const USUAL_DEPTH = 256;
/** Room that a text of absurd depth took is given back at the next one. */
const KEPT_DEPTH = 65_536;

/** What stepping through a text has met so far; one is reused for all texts. */
export class JsonWalk {
  /** A line feed or carriage return stood among the white space. */
  hasLineBreaks = false;
  /** The deepest nesting; the top-level object counts as 1. */
  deepest = 1;
  /** Room for the opening brackets of the containers around a position; none before the first one is met. */
  kinds = new Uint8Array();

  reset(): void {
    this.hasLineBreaks = false;
    this.deepest = 1;
    if (this.kinds.length > KEPT_DEPTH) {
      this.kinds = new Uint8Array(USUAL_DEPTH);
    }
  }

  /** Makes more room, or the first, and answers it. */
  growKinds(): Uint8Array<ArrayBuffer> {
    const grown = new Uint8Array(Math.max(USUAL_DEPTH, this.kinds.length * 2));
    grown.set(this.kinds);
    this.kinds = grown;
    return grown;
  }
}
