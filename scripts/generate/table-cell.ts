/** Keeps what looks like HTML or ends a cell of a table from doing so, except in code. */
export function escaped(text: string): string {
  return text
    .split(/(`[^`]*`|<br>)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll('<', '&lt;').replaceAll('|', '\\|')))
    .join('');
}

/** A cell that is code, whatever stands in it. */
export function codeCell(text: string): string {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([ticks]) => ticks.length));
  const [ticks, space] = ['`'.repeat(longest + 1), longest > 0 ? ' ' : ''];
  return ticks + space + text.replaceAll('|', '\\|') + space + ticks;
}
