import type { Logger } from '../logging/logger.js';
import { FirstAnswer } from './first-answer.js';
import type { HealthRegistry } from './health-registry.js';

/** Waits for everything that is required at the start, so that the process becomes ready although nobody asks. */
export class StartWait {
  private waits: FirstAnswer[] = [];

  constructor(
    private readonly health: HealthRegistry,
    private readonly logger: Logger,
  ) {}

  /** Returns at once. Call it when all sources are registered. */
  start(): void {
    const sources = this.health.sources.filter(({ requiredForReady }) => requiredForReady === 'at_start');
    this.waits = sources.map(({ name, place, check }) => {
      const answer = new FirstAnswer({ name, place, ask: check }, this.logger);
      void answer.wait().then((hasAnswered) => hasAnswered && this.health.noteAnswer(name));
      return answer;
    });
  }

  stop(): void {
    this.waits.forEach((wait) => wait.giveUp());
  }
}
