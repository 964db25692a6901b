import { readFileSync } from 'node:fs';
import type { ProgramProcess } from './program-process.js';
import { waitUntil } from './wait-until.js';

interface Message {
  id?: number;
  method?: string;
  params?: { sessionId?: string; message?: string; workerInfo?: { url: string } };
  result?: { result?: { value?: unknown } };
}

/**
 * The task threads of a program, through its inspector: no other hand reaches a thread from outside. The program has to be
 * started with {@link ProgramThreads.settings}.
 */
export class ProgramThreads {
  static readonly settings = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

  /** Inspector sessions of the threads that live. */
  private readonly sessions = new Set<string>();
  private readonly answers = new Map<number, (answer: Message) => void>();
  private readonly paused = new Set<string>();
  private calls = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', ({ data }) => this.take(JSON.parse(String(data)) as Message));
  }

  static async of(program: ProgramProcess): Promise<ProgramThreads> {
    const [url] = /ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/.exec(readFileSync(program.logFile, 'utf8')) ?? [];
    if (url === undefined) {
      throw new Error('the program has no inspector: start it with ProgramThreads.settings');
    }
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', () => reject(new Error(`no answer from ${url}`)));
    });
    const threads = new ProgramThreads(socket);
    socket.send(JSON.stringify({ id: 0, method: 'NodeWorker.enable', params: { waitForDebuggerOnStart: false } }));
    await waitUntil('the threads of the program are known', () => threads.sessions.size > 0);
    return threads;
  }

  /** Makes all of them stand still, as a thread does that hangs. */
  async hold(): Promise<void> {
    for (const session of this.sessions) {
      await this.ask(session, 'Debugger.enable');
      await this.ask(session, 'Debugger.pause');
    }
    await waitUntil('the threads stand still', () => this.paused.size === this.sessions.size);
  }

  /** Lets them go on where they stood. */
  async release(): Promise<void> {
    for (const session of this.sessions) {
      await this.ask(session, 'Debugger.resume');
      await this.ask(session, 'Debugger.disable');
    }
    this.paused.clear();
  }

  /**
   * Fills the heap of each thread whose limit it is, until the thread dies of it; says how many there were. In large pieces:
   * small ones overrun what V8 leaves a thread for its end, and then end the process.
   */
  async exhaustHeaps(limitMiB: number): Promise<number> {
    let exhausted = 0;
    for (const session of this.sessions) {
      const limits = `process.getBuiltinModule('node:worker_threads').resourceLimits`;
      const expression = `${limits}.maxOldGenerationSizeMb === ${limitMiB} &&
        setImmediate(() => { for (const held = []; ; ) held.push(new Array(100_000).fill(0.5)); }) !== null`;
      const { result } = await this.ask(session, 'Runtime.evaluate', { expression });
      exhausted += result?.result?.value === true ? 1 : 0;
    }
    return exhausted;
  }

  close(): void {
    this.socket.close();
  }

  private ask(sessionId: string, method: string, params: object = {}): Promise<Message> {
    const id = ++this.calls;
    const message = JSON.stringify({ id, method, params });
    const answer = new Promise<Message>((resolve) => this.answers.set(id, resolve));
    this.socket.send(JSON.stringify({ id, method: 'NodeWorker.sendMessageToWorker', params: { sessionId, message } }));
    return answer;
  }

  private take({ method, params: { sessionId = '', message = '', workerInfo } = {} }: Message): void {
    if (method === 'NodeWorker.attachedToWorker' && workerInfo?.url.endsWith('/thread-host.js')) {
      this.sessions.add(sessionId);
    } else if (method === 'NodeWorker.detachedFromWorker') {
      this.sessions.delete(sessionId);
    } else if (method === 'NodeWorker.receivedMessageFromWorker') {
      this.takeFromThread(sessionId, JSON.parse(message) as Message);
    }
  }

  private takeFromThread(sessionId: string, message: Message): void {
    if (message.method === 'Debugger.paused') {
      this.paused.add(sessionId);
    }
    this.answers.get(message.id ?? -1)?.(message);
  }
}
