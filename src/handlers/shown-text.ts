/** Enough of a text to recognise it by. */
const SHOWN_CHARACTERS = 60;

/** The first characters of a text within a message, and a sign that there are more. */
export function clipped(text: string, maxCharacters = SHOWN_CHARACTERS): string {
  return text.length > maxCharacters ? `${text.slice(0, maxCharacters).toWellFormed()}…` : text;
}

/** The same, in quotes. */
export function quoted(text: string): string {
  return JSON.stringify(clipped(text));
}
