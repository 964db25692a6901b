import { compileGrok } from './grok-pattern.js';
import { PatternReader } from '../pattern-reader.js';
import { GROK_PATTERNS } from './grok-patterns.js';

const ACCESS = '10.0.0.7 - ann [10/Oct/2024:13:55:36 -0700] "GET /a?b=1 HTTP/1.1" 200 2326';

/** A text that all of the pattern matches, and one that it does not. */
const SAMPLES: [name: string, match: string, other: string][] = [
  ['USERNAME', 'ann.b_c-1', 'ann b'],
  ['USER', 'ann', 'a@b'],
  ['EMAILLOCALPART', "o'neil+tag.x`", 'a..b'],
  ['EMAILADDRESS', 'ann.b@example.com', 'ann@'],
  ['INT', '-42', '4.2'],
  ['BASE10NUM', '-.5', '1.'],
  ['NUMBER', '123.456', '0x1f'],
  ['BASE16NUM', '-0xFf', '0xg'],
  ['BASE16FLOAT', '0x1.8', '1.2.3'],
  ['POSINT', '10', '010'],
  ['NONNEGINT', '010', '-1'],
  ['WORD', 'foo_1', 'foo-1'],
  ['NOTSPACE', 'a/b:c', 'a b'],
  ['SPACE', ' \t\n', ' x'],
  ['DATA', 'any thing', 'two\nlines'],
  ['GREEDYDATA', 'any thing 😀', 'two\nlines'],
  ['QUOTEDSTRING', '"a \\" b"', '"a'],
  ['QS', "'it\\'s'", "'it's'"],
  ['UUID', '0190b6f0-7a3c-7c1e-8d11-3f1c2f5a9e00', '0190b6f0-7a3c'],
  ['URN', 'urn:isbn:0451450523', 'urn:isbn'],
  ['CISCOMAC', '0123.4567.89ab', '0123.4567'],
  ['WINDOWSMAC', '01-23-45-67-89-ab', '01:23:45:67:89:ab'],
  ['COMMONMAC', '01:23:45:67:89:ab', '01:23'],
  ['MAC', '01:23:45:67:89:AB', '01:23:45:67:89:AG'],
  ['IPV4', '255.249.199.0', '256.1.1.1'],
  ['IPV6', '2001:db8::ff00:42:8329', '2001:db8'],
  ['IP', '::ffff:192.0.2.1', '1.2.3'],
  ['HOSTNAME', 'db-1.example.com', '-x'],
  ['IPORHOST', 'fe80::1%eth0', 'a b'],
  ['HOSTPORT', 'example.com:8080', 'example.com'],
  ['UNIXPATH', '/var/log/a_b.log', 'var/log'],
  ['WINPATH', 'C:\\Windows\\x y.dll', 'C:/Windows'],
  ['PATH', '/etc/hosts', 'etc'],
  ['TTY', '/dev/pts/3', '/dev/sda'],
  ['URIPROTO', 'svn+ssh', '1http'],
  ['URIHOST', 'example.com:443', 'example.com:'],
  ['URIPATH', '/a/b;c=1,2', 'a/b'],
  ['URIQUERY', 'a=1&b[]=x%20y', 'a b'],
  ['URIPARAM', '?a=1', 'a=1'],
  ['URIPATHPARAM', '/a/b?c=d', '?c=d'],
  ['URI', 'https://ann:pw@example.com:8443/a?b=c', 'example.com/a'],
  ['MONTH', 'September', 'Sem'],
  ['MONTHNUM', '12', '13'],
  ['MONTHNUM2', '09', '9'],
  ['MONTHDAY', '31', '32'],
  ['DAY', 'Wednesday', 'Wed.'],
  ['YEAR', '2024', '202'],
  ['HOUR', '23', '24'],
  ['MINUTE', '59', '60'],
  ['SECOND', '59.123', '61'],
  ['TIME', '23:59:60', '23:59'],
  ['DATE_US', '12/31/2024', '31/12/2024'],
  ['DATE_EU', '31.12.2024', '12.31.2024'],
  ['DATE', '31-12-24', '2024-12-31'],
  ['DATESTAMP', '31.12.2024 23:59:59', '31.12.2024'],
  ['ISO8601_TIMEZONE', '+05:30', '05:30'],
  ['ISO8601_SECOND', '07,5', '7,'],
  ['TIMESTAMP_ISO8601', '2024-10-10T13:55:36.123+02:00', '2024-10-10'],
  ['TZ', 'CST', 'CEST'],
  ['DATESTAMP_RFC822', 'Thu Oct 10 2024 13:55:36 PDT', 'Thu Oct 10 2024'],
  ['DATESTAMP_RFC2822', 'Thu, 10 Oct 2024 13:55:36 +0200', 'Thu 10 Oct 2024 13:55:36 +0200'],
  ['DATESTAMP_OTHER', 'Thu Oct 10 13:55:36 UTC 2024', 'Thu Oct 10 13:55:36 2024'],
  ['DATESTAMP_EVENTLOG', '20241010135536', '2024101013'],
  ['HTTPDATE', '10/Oct/2024:13:55:36 -0700', '10/10/2024:13:55:36 -0700'],
  ['SYSLOGTIMESTAMP', 'Oct  1 13:55:36', '1 Oct 13:55:36'],
  ['LOGLEVEL', 'Warning', 'loud'],
  ['PROG', 'nginx/master', 'a b'],
  ['SYSLOGPROG', 'sshd[4711]', 'sshd[x]'],
  ['SYSLOGHOST', 'web-1', 'web 1'],
  ['SYSLOGFACILITY', '<4.6>', '<4>'],
  ['SYSLOGBASE', 'Oct 10 13:55:36 web-1 sshd[4711]:', 'Oct 10 13:55:36 web-1'],
  ['SYSLOGLINE', 'Oct 10 13:55:36 <4.6> web-1 cron: ran', 'ran'],
  ['HTTPDUSER', 'ann@example.com', 'a b'],
  ['COMMONAPACHELOG', ACCESS, `${ACCESS} "-"`],
  ['COMBINEDAPACHELOG', `${ACCESS} "-" "curl/8"`, ACCESS],
  ['JAVACLASS', 'org.example.Main$Inner', 'org..Main'],
  ['JAVAFILE', 'Main.java', 'Main:java'],
  ['JAVAMETHOD', '<init>', '<none>'],
  ['JAVASTACKTRACEPART', '\tat org.example.Main.run(Main.java:42)', 'at nowhere'],
];

const matches = (name: string, text: string) =>
  compileGrok(new PatternReader(), 'p', `^%{${name}}$`).pattern.test(text);

describe('the grok patterns', () => {
  it('have a sample each', () => {
    expect(SAMPLES.map(([name]) => name).toSorted()).toEqual(Object.keys(GROK_PATTERNS).toSorted());
  });

  it.each(SAMPLES)('%s', (name, match, other) => {
    expect([matches(name, match), matches(name, other)]).toEqual([true, false]);
  });

  it.each([
    '::',
    '::1',
    '1::',
    '1:2:3:4:5:6:7:8',
    '1::8',
    '1:2::7:8',
    '1:2:3:4:5:6:7::',
    '::2:3:4:5:6:7:8',
    '64:ff9b::192.0.2.33',
    '1:2:3:4:5:6:192.0.2.33',
    'fe80::7:8%eth0',
  ])('IPV6 takes all of %s out of a text', (address) => {
    const { pattern, captures } = compileGrok(new PatternReader(), 'p', '%{IPV6:ip}');
    const match = pattern.matcher(`from ${address} to`);

    expect(match.find() && match.group(captures[0]?.group)).toBe(address);
  });
});
