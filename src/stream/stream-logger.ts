/** The part of a logger that an app needs; that of pino and of many others fits. */
export interface StreamLogger {
  error(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  info(fields: object, text: string): void;
}

type Level = keyof StreamLogger;

/** One JSON line each. */
export function lineLogger(write: (line: string) => void): StreamLogger {
  const at = (level: Level) => (fields: object, text: string) =>
    write(`${JSON.stringify({ level, time: new Date().toISOString(), ...fields, msg: text })}\n`);
  return { error: at('error'), warn: at('warn'), info: at('info') };
}
