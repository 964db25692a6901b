import type { TargetBase } from '../../document/target-base.js';
import type { FromThread, ToThread } from './thread-messages.js';

type Answer = Extract<ToThread, { call: number }>;

/** Questions of a thread to the process, answered by messages. */
export class ParentCalls {
  private readonly waiting = new Map<number, PromiseWithResolvers<Answer>>();
  private calls = 0;

  constructor(private readonly post: (message: FromThread) => void) {}

  /** Undefined when nobody knows the base; rejects when nobody could tell. */
  async findBase(baseType: string): Promise<TargetBase | undefined> {
    const answer = await this.ask((call) => ({ kind: 'find_base', call, baseType }));
    if (answer.kind === 'base_failed') {
      throw new Error(answer.message);
    }
    return answer.kind === 'base_found' ? answer.base : undefined;
  }

  async reviveBase(base: TargetBase): Promise<boolean> {
    const answer = await this.ask((call) => ({ kind: 'revive_base', call, base }));
    return answer.kind === 'base_revived' && answer.isRevived;
  }

  take(answer: Answer): void {
    this.waiting.get(answer.call)?.resolve(answer);
    this.waiting.delete(answer.call);
  }

  private ask(question: (call: number) => FromThread): Promise<Answer> {
    const call = ++this.calls;
    const answer = Promise.withResolvers<Answer>();
    this.waiting.set(call, answer);
    this.post(question(call));
    return answer.promise;
  }
}
