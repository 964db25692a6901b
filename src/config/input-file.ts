import 'reflect-metadata';

const INPUT_FILE = Symbol('path of a file that is read');

/** Marks a setting that names a file to read. Given in a settings file, a relative path starts from that file's folder. */
export function InputFile(): PropertyDecorator {
  return Reflect.metadata(INPUT_FILE, true);
}

/** True when the property of this section (an instance) names such a file. */
export function isInputFile(section: object, property: string): boolean {
  return Reflect.getMetadata(INPUT_FILE, section, property) === true;
}
