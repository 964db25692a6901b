import { continuedParent, findSampledParent } from './trace-parent.js';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN_ID = '00f067aa0ba902b7';
const VALID = `00-${TRACE_ID}-${SPAN_ID}-01`;

/** Read from amidst other bytes, as it lies in a record. */
function found(text: string) {
  const bytes = Buffer.from(`0123${text}-89`);
  return findSampledParent(bytes, 4, bytes.length - 3);
}

describe('a traceparent', () => {
  it('names trace and parent when the trace is recorded', () => {
    expect(found(VALID)).toEqual({ traceId: TRACE_ID, spanId: SPAN_ID, flags: 1 });
  });

  it.each(['03', '09', 'ff', '0b'])('is of a recorded trace when its flags are %s', (flags) => {
    expect(found(VALID.slice(0, -2) + flags)?.flags).toBe(Number.parseInt(flags, 16));
  });

  it.each(['00', '02', 'fe'])('is of no interest when its flags are %s', (flags) => {
    expect(found(VALID.slice(0, -2) + flags)).toBeUndefined();
  });

  it('may have a later version, and more behind it then', () => {
    expect(found(VALID.replace(/^00/, '01'))).toMatchObject({ traceId: TRACE_ID });
    expect(found(`${VALID.replace(/^00/, 'fe')}-what-ever`)).toMatchObject({ spanId: SPAN_ID });
  });

  it.each([
    ['empty', ''],
    ['short', VALID.slice(1)],
    ['long for its version', `${VALID}-more`],
    ['long without a dash, in a later version', `${VALID.replace(/^00/, '01')}1`],
    ['of version ff', VALID.replace(/^00/, 'ff')],
    ['of no version', VALID.replace(/^00/, '0g')],
    ['upper case', VALID.toUpperCase()],
    ['upper case in one digit', VALID.replace('f92f', 'F92f')],
    ['without a trace id', `00-${'0'.repeat(32)}-${SPAN_ID}-01`],
    ['without a span id', `00-${TRACE_ID}-${'0'.repeat(16)}-01`],
    ['not hexadecimal in the trace id', VALID.replace('4bf9', '4bg9')],
    ['not hexadecimal in the span id', VALID.replace('00f0', '00x0')],
    ['not hexadecimal in the flags', `${VALID.slice(0, -2)}x1`],
    ['not divided by dashes', VALID.replaceAll('-', '_')],
    ['of other bytes', '\0'.repeat(55)],
  ])('is none when it is %s', (_what, text) => {
    expect(found(text)).toBeUndefined();
  });

  it('is continued with another parent and the flags that have a meaning', () => {
    const next = (flags: number) => continuedParent({ traceId: TRACE_ID, spanId: SPAN_ID, flags }, 'b7ad6b7169203331');
    expect(next(0x01)).toBe(`00-${TRACE_ID}-b7ad6b7169203331-01`);
    expect(next(0xff)).toBe(`00-${TRACE_ID}-b7ad6b7169203331-03`);
  });
});
