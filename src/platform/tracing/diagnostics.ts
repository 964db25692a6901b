import { diag, type DiagLogger, DiagLogLevel } from '@opentelemetry/api';
import type { Logger } from '../logging/logger.js';
import { RepeatingFault } from '../logging/repeating-fault.js';

/** OpenTelemetry's own complaints in our log, each once a minute; while `isMuted`, their cause is told already. */
export function tellDiagnostics(logger: Logger, isMuted: () => boolean): void {
  const faults = new RepeatingFault(logger);
  const tell = (message: string) => {
    if (!isMuted()) {
      // Numbers differ from time to time: it is the same complaint.
      faults.report(message.replaceAll(/\d+/g, 'n'), {}, `tracing: ${message}`);
    }
  };
  const drop = () => undefined;
  const diagnostics: DiagLogger = { error: tell, warn: tell, info: drop, debug: drop, verbose: drop };
  diag.setLogger(diagnostics, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}
