import { isUtf8 } from 'node:buffer';
import type { ReadStream } from 'node:tty';
import { withoutLineBreak } from '../config/secret-source.js';
import { UsageError } from './usage-error.js';

/** Standard input, or what stands for it. */
export type SecretStream = AsyncIterable<Buffer> & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>;

const ENTER = /[\r\n]/;
const ERASE = /[\b\u007f]/;
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

/**
 * One secret from a pipe, or typed at a terminal, which shows nothing of it and asks for it with `prompt`.
 * @throws UsageError when there is none, or more than a line; the message shows nothing of it.
 */
export async function readSecretFrom(stream: SecretStream, prompt: (text: string) => void): Promise<string> {
  const secret = withoutLineBreak(await (stream.isTTY ? typedLine(stream, prompt) : pipedText(stream)));
  if (secret === '') {
    throw new UsageError('--encrypt reads the secret from standard input, and got none');
  }
  if (/\p{Cc}/u.test(secret)) {
    throw new UsageError('--encrypt takes a secret of one line, and got several or control characters');
  }
  return secret;
}

async function pipedText(stream: SecretStream): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) {
    parts.push(part);
  }
  const bytes = Buffer.concat(parts);
  if (!isUtf8(bytes)) {
    throw new UsageError('--encrypt takes a secret in UTF-8, and got other bytes');
  }
  return bytes.toString('utf8');
}

async function typedLine(stream: SecretStream, prompt: (text: string) => void): Promise<string> {
  prompt('secret (not shown): ');
  stream.setRawMode?.(true);
  try {
    return await untilEnter(stream);
  } finally {
    stream.setRawMode?.(false);
    prompt('\n');
  }
}

/** A terminal that shows nothing leaves the editing to us. Given up with Ctrl-C: nothing. */
async function untilEnter(stream: SecretStream): Promise<string> {
  const decoder = new TextDecoder();
  let typed: string[] = [];
  for await (const bytes of stream) {
    for (const character of decoder.decode(bytes, { stream: true })) {
      if (character === CTRL_C) {
        return '';
      }
      if (ENTER.test(character) || character === CTRL_D) {
        return typed.join('');
      }
      typed = ERASE.test(character) ? typed.slice(0, -1) : [...typed, character];
    }
  }
  return typed.join('');
}
