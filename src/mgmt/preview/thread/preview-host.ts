import { parentPort } from 'node:worker_threads';
import type { TargetBase } from '../../../document/target-base.js';
import { CodedError } from '../../../domain/coded-error.js';
import type { PreviewJob, PreviewedRecord } from './preview-job.js';
import type { FromPreviewThread, ToPreviewThread } from './preview-messages.js';
import { PreviewRun } from './preview-run.js';

const MIB = 1024 * 1024;
const PEEK_LIMITS = { maxBytes: 16 * MIB, timeLimitMs: 3000 };
/** Of all documents of an answer: handlers may make each as large as the largest record. */
const MAX_ANSWER_CHARACTERS = 8 * MIB;
/** As in a task: what a record batch may have after decompression, in records of the largest size. */
const MAX_DECOMPRESSED_RECORDS = 4;

/** The program of a preview thread: one job after the other. */
class PreviewHost {
  private readonly waiting = new Map<string, PromiseWithResolvers<TargetBase | undefined>>();

  constructor(private readonly post: (message: FromPreviewThread) => void) {}

  take(message: ToPreviewThread): void {
    switch (message.kind) {
      case 'run':
        void this.run(message.job);
        break;
      case 'base_found':
        this.waiting.get(message.baseType)?.resolve(message.base);
        break;
      case 'base_failed':
        this.waiting.get(message.baseType)?.reject(new Error(message.message));
        break;
    }
  }

  private async run(job: PreviewJob): Promise<void> {
    try {
      const run = new PreviewRun(job.pipeline, (baseType) => this.findBase(baseType));
      let leftCharacters = MAX_ANSWER_CHARACTERS;
      for await (const outcome of run.outcomes(await this.recordsOf(job))) {
        leftCharacters -= outcome.result === 'document' ? outcome.document.length : 0;
        if (leftCharacters < 0) {
          this.post({ kind: 'done', cutBy: 'size' });
          return;
        }
        this.post({ kind: 'outcome', outcome });
      }
      this.post({ kind: 'done' });
    } catch (error) {
      const code = error instanceof CodedError ? error.code : '';
      this.post({ kind: 'failed', code, message: error instanceof Error ? error.message : String(error) });
    }
  }

  private async recordsOf(job: PreviewJob): Promise<readonly PreviewedRecord[]> {
    const { records, isComplete } = await this.readSource(job);
    const places = records.map(({ partition, offset, timestamp }) => ({ partition, offset, timestamp }));
    this.post({ kind: 'records', places, isComplete });
    return records;
  }

  private async readSource({
    source,
    pipeline,
  }: PreviewJob): Promise<{ records: readonly PreviewedRecord[]; isComplete: boolean }> {
    if (source.kind === 'given') {
      return { records: source.records, isComplete: true };
    }
    // The client of the data plane is loaded where it is needed alone: it costs more than all the rest.
    const { peekTopic } = await import('./peek-topic.js');
    const maxDecompressedBytes = MAX_DECOMPRESSED_RECORDS * pipeline.maxRecordBytes;
    return peekTopic(source, { ...PEEK_LIMITS, maxDecompressedBytes });
  }

  private findBase(baseType: string): Promise<TargetBase | undefined> {
    const answer = Promise.withResolvers<TargetBase | undefined>();
    this.waiting.set(baseType, answer);
    this.post({ kind: 'find_base', baseType });
    return answer.promise;
  }
}

if (parentPort) {
  const port = parentPort;
  const host = new PreviewHost((message) => port.postMessage(message));
  port.on('message', (message: ToPreviewThread) => host.take(message));
}
