import { readFileSync } from 'node:fs';
import { errorCodes, errorRegistry, wireCode } from './error-registry.js';

/** Cells of the lines of docs/errors.md that describe a code. */
function documented(): string[][] {
  const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
  return page
    .split('\n')
    .filter((line) => line.startsWith('| `StreamDataPipeline.'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('\\|', '|')),
    );
}

describe('the registry of errors', () => {
  it('is what docs/errors.md says: code, status, meaning and remedy, each with a cause', () => {
    const inCode = errorCodes.map((code) => {
      const { status, 'en-US': text } = errorRegistry[code];
      return [`\`${wireCode(code)}\``, String(status), text.description, text.solution];
    });
    const lines = documented();
    expect(lines.map(([code, status, meaning, , remedy]) => [code, status, meaning, remedy])).toEqual(inCode);
    expect(lines.filter(([, , , cause]) => !cause)).toEqual([]);
  });

  it('has every text in both languages', () => {
    for (const code of errorCodes) {
      const { 'en-US': english, 'zh-CN': chinese } = errorRegistry[code];
      expect([code, english.description, english.solution]).not.toContain('');
      expect([code, /\p{Script=Han}/u.test(chinese.description)]).toEqual([code, true]);
      expect([code, /\p{Script=Han}/u.test(chinese.solution)]).toEqual([code, true]);
    }
  });

  it('answers each class with its status', () => {
    const statuses = new Set(errorCodes.map((code) => `${code.split('.')[0]} ${errorRegistry[code].status}`));
    expect([...statuses].toSorted()).toEqual([
      'Conflict 409',
      'CountExceeded 400',
      'CountExceeded 403',
      'CountExceeded 429',
      'Duplicated 403',
      'Forbidden 403',
      'InternalError 500',
      'InvalidParameter 400',
      'LengthExceeded 400',
      'LengthExceeded 413',
      'NotFound 404',
      'NullParameter 400',
      'OutOfRange 400',
      'PreconditionFailed 412',
      'ServiceUnavailable 503',
      'UnSupported 400',
      'UnSupported 415',
      'Unauthorized 401',
    ]);
  });
});
