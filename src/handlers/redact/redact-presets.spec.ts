import { ComputingTime } from '../computing-time.js';
import { REDACT_PRESETS } from './redact-presets.js';
import { maskRanges, type RangeFinder } from './text-range.js';

function masked(preset: string, text: string): string {
  const ranges = (REDACT_PRESETS[preset] as RangeFinder)(text, new ComputingTime());
  return typeof ranges === 'string' ? ranges : maskRanges(text, ranges, '#');
}

describe('the preset', () => {
  it.each([
    ['email', "to ann.b+c@mail.example.com, and o'neil@x.io.", 'to #, and #.'],
    ['email', 'müller@exämple.de 😀価@例え.jp', '# 😀#'],
    ['email', 'ann@host a@ @b @@', 'ann@host a@ @b @@'],
    ['credit_card', 'card 4111111111111111.', 'card #.'],
    ['credit_card', '5500-0000-0000-0004 3400 0000 0000 009', '# #'],
    ['credit_card', '12 4111 1111 1111 1111 05', '12 # 05'],
    ['credit_card', '4111111111111112', '4111111111111112'],
    ['credit_card', '4111  1111 1111 1111', '4111  1111 1111 1111'],
    ['credit_card', '41111111111111110000 1735689600122', '41111111111111110000 1735689600122'],
    ['credit_card', '6304000000000000000 6', '# 6'],
    ['ipv4', 'from 10.0.0.7:80 to 255.255.255.255', 'from #:80 to #'],
    ['ipv4', '256.1.1.1 1.2.3 a1.2.3.4', '256.1.1.1 1.2.3 a1.2.3.4'],
    ['ipv6', 'from fe80::1%eth0 to [2001:db8::ff00:42:8329]:443', 'from #%eth0 to [#]:443'],
    ['ipv6', 'ip:2001:db8::1. v6:fe80::1: ::1, ::ffff:10.0.0.7', 'ip:#. v6:#: #, #'],
    [
      'ipv6',
      '12:30:45 std::add dead::beefy a:b 1:2:3:4:5:6:7:8:9',
      '12:30:45 std::add dead::beefy a:b 1:2:3:4:5:6:7:8:9',
    ],
    ['ipv6', `${'a:'.repeat(100)} ::`, `${'a:'.repeat(100)} #`],
    ['bearer_token', 'Authorization: Bearer abc.DEF-1_~+/== x', 'Authorization: Bearer # x'],
    ['bearer_token', 'the bearer of news, bearer:x, forbearer y', 'the bearer # news, bearer:x, forbearer y'],
  ])('%s makes of %j %j', (preset, text, expected) => {
    expect(masked(preset, text)).toBe(expected);
  });

  it.each(Object.keys(REDACT_PRESETS))('%s is through with hostile texts of 100 kB', (preset) => {
    for (const text of ['a', 'a@', '4', '4 ', ':', 'a:', '1.', 'a.', 'bearer ', '\ud800']) {
      expect(masked(preset, text.repeat(100_000 / text.length))).not.toMatch(/worked on to its end/);
    }
  });
});

describe('maskRanges', () => {
  it('makes one of parts that overlap, and keeps those apart that touch', () => {
    const ranges = [
      { start: 6, end: 8 },
      { start: 0, end: 3 },
      { start: 3, end: 5 },
      { start: 2, end: 3 },
      { start: 6, end: 7 },
    ];
    expect(maskRanges('0123456789', ranges, '*')).toBe('**5*89');
  });
});
