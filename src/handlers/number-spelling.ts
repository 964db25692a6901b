const INTEGER = /^([+-]?)([0-9]+)$/;
const DECIMAL = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?$/;

/** The integer that a text is, as JSON spells it and with all its digits; undefined when it is none. */
export function integerSpelling(text: string): string | undefined {
  const [, sign = '', digits] = INTEGER.exec(text) ?? [];
  return digits && withoutPlus(sign) + withoutZeros(digits);
}

/** The decimal number that a text is, as JSON spells it and with all its digits; undefined when it is none. */
export function decimalSpelling(text: string): string | undefined {
  const [, sign = '', whole = '', fraction = '', exponent] = DECIMAL.exec(text) ?? [];
  if (!whole && !fraction) {
    return undefined;
  }
  const decimals = fraction && `.${fraction}`;
  const power = exponent ? `e${exponent}` : '';
  return withoutPlus(sign) + withoutZeros(whole || '0') + decimals + power;
}

function withoutPlus(sign: string): string {
  return sign === '-' ? sign : '';
}

/** JSON allows no zeros before another digit. */
function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=[0-9])/, '');
}
