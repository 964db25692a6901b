import { languageOf } from './language.js';

describe('the language of error texts', () => {
  it.each<[what: string, headers: Record<string, string>, language: string]>([
    ['nothing', {}, 'en-US'],
    ['a region', { 'accept-language': 'zh-TW' }, 'zh-CN'],
    ['a bare language', { 'accept-language': 'zh' }, 'zh-CN'],
    ['an order by quality', { 'accept-language': 'en;q=0.2, zh;q=0.9' }, 'zh-CN'],
    ['an order as written', { 'accept-language': 'en, zh' }, 'en-US'],
    ['languages without texts', { 'accept-language': 'fr, de;q=0.9, zh;q=0.1' }, 'zh-CN'],
    ['a refused language', { 'accept-language': 'zh;q=0' }, 'en-US'],
    ['anything', { 'accept-language': '*' }, 'en-US'],
    ['rubbish', { 'accept-language': ';;,q=,' }, 'en-US'],
    ['x-language', { 'x-language': 'zh_CN', 'accept-language': 'en' }, 'zh-CN'],
    ['an x-language without texts', { 'x-language': 'fr', 'accept-language': 'zh' }, 'zh-CN'],
  ])('for %s', (_what, headers, language) => {
    expect(languageOf(headers, 'en-US')).toBe(language);
  });

  it('is the configured one when the caller asks for none', () => {
    expect(languageOf({}, 'zh-CN')).toBe('zh-CN');
  });
});
