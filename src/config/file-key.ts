import 'reflect-metadata';

const FILE_KEYS = Symbol('file keys');

/** The name by which files write this setting, where it differs from the property's (`base_type`). */
export function FileKey(name: string): PropertyDecorator {
  return (target, property) => {
    Reflect.defineMetadata(FILE_KEYS, { ...fileKeysOf(target), [String(property)]: name }, target);
  };
}

/** Property to file name, for those properties of a section (an instance) that have one. */
export function fileKeysOf(section: object): Readonly<Record<string, string>> {
  return (Reflect.getMetadata(FILE_KEYS, section) as Record<string, string> | undefined) ?? {};
}
