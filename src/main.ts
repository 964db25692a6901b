import './app/require-node.js';
import 'reflect-metadata';
import { runCommand } from './app/run-command.js';
import { readSecretFrom } from './app/secret-input.js';

const err = (text: string) => process.stderr.write(text);

process.exitCode = await runCommand(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err,
  readSecret: () => readSecretFrom(process.stdin, err),
});
