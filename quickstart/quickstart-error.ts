/** A fault that is told to the person at the terminal in its own words, one or two lines, without a stack. */
export class QuickstartError extends Error {
  override readonly name = 'QuickstartError';
}
