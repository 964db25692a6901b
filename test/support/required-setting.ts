/** A setting that the test runner gives; a test without services is a mistake, not a pass. */
export function requiredSetting(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set: run the tests with npm test, or with the environment of a sandbox`);
  }
  return value;
}
