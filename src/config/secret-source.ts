import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileFault } from './file-fault.js';
import type { Reference } from './reference.js';
import { decryptSecret } from './secret-cipher.js';
import type { SecretKey } from './secret-key.js';

/** Where references lead. */
export interface SecretSources {
  environment: Readonly<Record<string, string | undefined>>;
  /** The key of `secrets.keyFile`; undefined when that names no file. Asked only when something is encrypted. */
  findKey: () => SecretKey | undefined;
}

/** The secret, or why it cannot be had and what to do, as the rest of a sentence that shows no value. */
export type SecretRead = { secret: string } | { fault: string };

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Relative paths start from the folder, or from the working directory when there is none. Never throws. */
export function readSecret(reference: Reference, folder: string | undefined, sources: SecretSources): SecretRead {
  switch (reference.kind) {
    case 'env':
      return fromVariable(reference.name, sources.environment);
    case 'file':
      return fromFile(resolve(folder ?? '', reference.path), reference.path);
    case 'enc':
      return fromCipherText(reference.text, sources.findKey());
    case 'unknown':
      return {
        fault:
          'is a reference of an unknown kind: write ${env:NAME}, ${file:/path} or ${enc:...}; a secret that really ' +
          'looks like this goes into a variable or a file that is referred to',
      };
    case 'embedded':
      return {
        fault: 'holds a reference beside other text: the whole value must be one reference, so refer to the whole',
      };
  }
}

/** One trailing line break does not belong to a secret: editors and echo leave it. */
export function withoutLineBreak(text: string): string {
  return text.replace(/\r?\n$/, '');
}

function fromVariable(name: string, environment: SecretSources['environment']): SecretRead {
  if (!VARIABLE.test(name)) {
    return { fault: 'refers to a variable by an illegal name: write ${env:NAME}, with letters, digits and _' };
  }
  const secret = environment[name];
  if (secret === undefined) {
    return { fault: `refers to the variable ${name}, which is not set: set it, or correct the name` };
  }
  return secret === '' ? { fault: `refers to the variable ${name}, which is empty: give it the secret` } : { secret };
}

function fromFile(path: string, shownPath: string): SecretRead {
  if (shownPath === '') {
    return { fault: 'refers to a file without its path: write ${file:/path}' };
  }
  try {
    const content = readFileSync(path);
    if (!isUtf8(content)) {
      return { fault: `refers to the file ${path}, which does not hold UTF-8 text: correct the path or the file` };
    }
    const secret = withoutLineBreak(content.toString('utf8'));
    return secret === ''
      ? { fault: `refers to the file ${path}, which is empty: write the secret into it` }
      : { secret };
  } catch (error) {
    return {
      fault: `refers to the file ${path}, which cannot be read: ${fileFault(error)}; correct the path or the file`,
    };
  }
}

function fromCipherText(text: string, key: SecretKey | undefined): SecretRead {
  if (key === undefined) {
    return { fault: 'is encrypted, but secrets.keyFile is not set: name the file with the key that encrypted it' };
  }
  if (key.kind === 'fault') {
    return { fault: `is encrypted, but the file of secrets.keyFile ${key.fault}` };
  }
  const decrypted = decryptSecret(text, key.key);
  switch (decrypted.kind) {
    case 'text':
      return { secret: decrypted.text };
    case 'damaged':
      return { fault: 'is not what --encrypt prints: copy all of it, or encrypt the secret again' };
    case 'refused':
      return {
        fault:
          'does not fit the key of secrets.keyFile, or was altered: name the right key, or encrypt the secret again',
      };
  }
}
