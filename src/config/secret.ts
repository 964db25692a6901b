import 'reflect-metadata';

/** A shorter secret cannot be left out of log lines by its value: it would tear holes into ordinary words. */
export const MIN_CENSORED_LENGTH = 4;

const SECRETS = Symbol('secret settings');

/** Marks a setting whose value is never printed, logged or returned. */
export function Secret(): PropertyDecorator {
  return (target, property) => {
    Reflect.defineMetadata(SECRETS, new Set([...secretsOf(target), property]), target);
  };
}

/** True when the property of this section (an instance) is marked as a secret. */
export function isSecret(section: object, property: string): boolean {
  return secretsOf(section).has(property);
}

function secretsOf(section: object): ReadonlySet<string | symbol> {
  return (Reflect.getMetadata(SECRETS, section) as ReadonlySet<string | symbol> | undefined) ?? new Set();
}
