const MAX_KEY_CHARACTERS = 200;

/** A key for a fault by its text: texts that differ in numbers, ports, offsets or ids alone are one. */
export function alike(text: string): string {
  return text.replaceAll(/[\da-f]*\d[\da-f]*/gi, '#').slice(0, MAX_KEY_CHARACTERS);
}
