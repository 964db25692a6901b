/** A decimal number without loss: digits × 10^exponent. Zero has no digits. */
export interface Decimal {
  isNegative: boolean;
  /** Without zeros at either end. */
  digits: string;
  exponent: number;
}

const JSON_NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
const JSON_INTEGER = /^-?(?:0|[1-9]\d*)$/;

/** Spelled without a fraction and an exponent. */
export function isIntegerSpelling(text: string): boolean {
  return JSON_INTEGER.test(text);
}

/** What a text spells in the way of a JSON number; undefined when it spells none. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = JSON_NUMBER.exec(text);
  if (!match) {
    return undefined;
  }
  const [, sign, whole = '', fraction = '', power = '0'] = match;
  const all = whole + fraction;
  const last = lastNonZero(all);
  const digits = all.slice(0, last + 1).replace(/^0+/, '');
  const exponent = Number(power) - fraction.length + (all.length - 1 - last);
  return { isNegative: sign === '-', digits, exponent: digits === '' ? 0 : exponent };
}

export function isSameDecimal(a: Decimal, b: Decimal): boolean {
  const isZero = a.digits === '' && b.digits === '';
  return isZero || (a.isNegative === b.isNegative && a.digits === b.digits && a.exponent === b.exponent);
}

/** The digits of an integer; undefined when it has a fraction, or more than `maxDigits`. */
export function integerText({ isNegative, digits, exponent }: Decimal, maxDigits: number): string | undefined {
  if (digits === '') {
    return '0';
  }
  const isWritable = exponent >= 0 && digits.length + exponent <= maxDigits;
  return isWritable ? `${isNegative ? '-' : ''}${digits}${'0'.repeat(exponent)}` : undefined;
}

/** The largest integer that is not above value × 10^shift; undefined when it has more than `maxDigits`. */
export function scaledFloor({ isNegative, digits, exponent }: Decimal, shift: number, maxDigits: number) {
  const length = digits.length + exponent + shift;
  if (length > maxDigits) {
    return undefined;
  }
  const wholeDigits = length > 0 ? digits.slice(0, length).padEnd(length, '0') : '0';
  const whole = BigInt(wholeDigits);
  const hasRest = digits !== '' && length < digits.length;
  return isNegative ? -whole - (hasRest ? 1n : 0n) : whole;
}

/** A loop and not a pattern: `/0+$/` takes quadratic time over zeros that do not end the text. */
function lastNonZero(digits: string): number {
  let last = digits.length - 1;
  while (last >= 0 && digits[last] === '0') {
    last--;
  }
  return last;
}
