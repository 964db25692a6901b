/** A fault that the person at the terminal can act on: its message is printed alone, without a stack trace. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError';
}
