import { gunzipSync, gzipSync } from 'node:zlib';
import { decodeBody, encodeBody } from './body-compression.js';

const text = Buffer.from('{"index":{"_id":"é 日本 𝒳"}}\n{"n":9007199254740993}\n'.repeat(2000));

describe('the bytes of a bulk request', () => {
  it('come out of the compression as they went in', async () => {
    const { bytes, headers } = await encodeBody(text);
    expect(headers).toEqual({ 'content-encoding': 'gzip' });
    expect(bytes.length).toBeLessThan(text.length / 5);
    expect(gunzipSync(bytes).equals(text)).toBe(true);
  });

  it('stay as they are when they are few', async () => {
    const few = text.subarray(0, 2047);
    expect(await encodeBody(few)).toEqual({ bytes: few, headers: {} });
  });
});

describe('the bytes of an answer', () => {
  it('are expanded', async () => {
    expect((await decodeBody(gzipSync(text), 'gzip', text.length)).equals(text)).toBe(true);
  });

  it.each([undefined, 'identity'])('are taken as they are when they are not compressed (%s)', async (encoding) => {
    expect(await decodeBody(text, encoding, 10)).toBe(text);
  });

  it('are refused when there are too many of them, cannot be expanded, or come in an encoding nobody asked for', async () => {
    await expect(decodeBody(gzipSync(text), 'gzip', text.length - 1)).rejects.toThrow(/larger than/);
    await expect(decodeBody(text, 'gzip', text.length)).rejects.toThrow(/header/);
    await expect(decodeBody(text, 'br', text.length)).rejects.toThrow('an encoding that was not asked for (br)');
  });
});
