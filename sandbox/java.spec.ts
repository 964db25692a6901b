import { chooseJava, openSearchVersionFor, parseJava, type JavaHome } from './java.ts';

function java(version: string, major: number): JavaHome {
  return { home: `/opt/${version}`, version, major };
}

describe('parseJava', () => {
  it.each([
    ['openjdk version "25.0.3" 2026-04-21 LTS', '25.0.3', 25],
    ['openjdk version "17.0.15" 2025-04-15', '17.0.15', 17],
    ['openjdk version "26-ea" 2026-03-17', '26-ea', 26],
    ['java version "1.8.0_392"', '1.8.0_392', 8],
    ['openjdk version "21" 2023-09-19', '21', 21],
  ])('reads %s', (line, version, major) => {
    expect(parseJava(`    java.home = /opt/some jdk\n${line}\n`)).toEqual({ home: '/opt/some jdk', version, major });
  });

  it('takes what is no Java for none', () => {
    expect(parseJava('The operation couldn’t be completed. Unable to locate a Java Runtime.')).toBeUndefined();
  });
});

describe('chooseJava', () => {
  it('takes the newest, by number and not by text', () => {
    expect(chooseJava([java('17.0.9', 17), java('17.0.15', 17), java('9.0.4', 9)])?.version).toBe('17.0.15');
  });

  it('takes the first of equals, so that JAVA_HOME wins', () => {
    const first = { ...java('21.0.2', 21), home: '/java-home' };
    expect(chooseJava([first, java('21.0.2', 21)])?.home).toBe('/java-home');
  });

  it('takes none that is too old', () => {
    expect(chooseJava([java('11.0.22', 11), java('16.0.2', 16)])).toBeUndefined();
  });
});

describe('openSearchVersionFor', () => {
  it.each([
    [17, '2.19.4'],
    [20, '2.19.4'],
    [21, '3.4.0'],
    [25, '3.4.0'],
  ])('runs on Java %i as %s', (major, version) => {
    expect(openSearchVersionFor(major)).toBe(version);
  });
});
