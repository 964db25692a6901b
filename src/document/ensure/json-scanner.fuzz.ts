import fc from 'fast-check';
import { jsonText, jsonValue, mutation } from '../../../test/factories/json-text.js';
import { Field } from './field.js';
import { MAX_DEPTH } from '../../json/json-walk.js';
import { JsonScanner, Scan } from './json-scanner.js';

const scanner = new JsonScanner();

function scan(bytes: Buffer): number {
  // Amid other bytes, as in a fetched batch: what stands around the record must not matter.
  const around = Buffer.concat([Buffer.from('"}'), bytes, Buffer.from('}"')]);
  return scanner.scan(around, 2, 2 + bytes.length);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What JSON.parse says, with the depth that it does not limit. */
function expected(text: string): number {
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return Scan.notObject;
  }
  return depthOf(text) > MAX_DEPTH ? Scan.tooDeep : Scan.ok;
}

function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of json.replace(/"(?:[^"\\]|\\.)*"/gs, '')) {
    depth += '{['.includes(character) ? 1 : '}]'.includes(character) ? -1 : 0;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

describe('JsonScanner against JSON.parse', () => {
  it('accepts every JSON object, however it is spelled', () => {
    fc.assert(
      fc.property(jsonText(), (text) => {
        expect(scan(Buffer.from(text))).toBe(expected(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('accepts exactly what JSON.parse accepts as an object after some bytes changed', () => {
    fc.assert(
      fc.property(jsonText(), mutation(), (text, mutate) => {
        const bytes = mutate(Buffer.from(text));
        // Bytes that are not UTF-8 are the caller's question: compare on what they decode to.
        const decoded = bytes.toString('utf8');
        expect(scan(Buffer.from(decoded))).toBe(expected(decoded));
      }),
      { numRuns: 10_000 },
    );
  });

  it('agrees on random strings of JSON characters', () => {
    const character = fc.constantFrom(...'{}[]",:\\u0123456789aeE+-. \n\ttruefalsn'.split(''));
    fc.assert(
      fc.property(fc.array(character, { maxLength: 24 }), (inner) => {
        const text = `{"a":${inner.join('')}}`;
        expect(scan(Buffer.from(text))).toBe(expected(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it('agrees on deep nesting', () => {
    const opening = fc.constantFrom('[', '{"a":');
    fc.assert(
      fc.property(fc.array(opening, { minLength: 150, maxLength: 260 }), fc.boolean(), (openings, isBroken) => {
        const closings = openings.map((open) => (open === '[' ? ']' : '}')).reverse();
        const text = `{"x":${openings.join('')}0${closings.slice(isBroken ? 1 : 0).join('')}}`;
        expect(scan(Buffer.from(text))).toBe(expected(text));
      }),
      { numRuns: 300 },
    );
  });

  it('finds the value that JSON.parse gives a field', () => {
    const spelledId = fc.constantFrom('"__id"', '"\\u005f_id"', '"__i\\u0064"', '"_id"', '"__id "');
    const member = fc.tuple(spelledId, jsonValue(2)).map(([key, value]) => `${key} : ${value}`);
    fc.assert(
      fc.property(fc.array(member, { maxLength: 5 }), (members) => {
        const text = `{${members.join(' ,\n')}}`;
        expect(scan(Buffer.from(text))).toBe(Scan.ok);
        const hit = scanner.lastHitOf(Field.__id);
        const value =
          hit < 0
            ? undefined
            : parse(scanner.bytes.toString('utf8', scanner.valueStartAt(hit), scanner.valueEndAt(hit)));
        expect(value).toEqual((JSON.parse(text) as Record<string, unknown>)['__id']);
      }),
      { numRuns: 2000 },
    );
  });
});
