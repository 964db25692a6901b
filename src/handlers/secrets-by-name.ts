import type { HandlerResources } from './handler-type.js';

/** The secrets that handlers ask for by name. A name that every object has is none of them. */
export function secretsByName(secrets: Readonly<Record<string, string>>): HandlerResources {
  return { secret: (name) => (Object.hasOwn(secrets, name) ? secrets[name] : undefined) };
}
