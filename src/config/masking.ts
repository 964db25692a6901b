export const MASK = '******';

const MAX_SHOWN = 120;

/** A value as a fault may show it: short, of one line, without credentials. */
export function showValue(value: unknown, isSecret: boolean): string {
  if (isSecret) {
    return MASK;
  }
  const text = (JSON.stringify(value) ?? String(value)).replace(/[^\s"',/]+@/g, `${MASK}@`);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
