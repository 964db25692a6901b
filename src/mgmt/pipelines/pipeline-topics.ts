import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, AppConfig } from '../../config/app-config.js';
import type { Pipeline } from '../../domain/pipeline.js';
import { Database } from '../../platform/database/database.js';
import { errorTopic, inputTopic, outputTopic } from '../../platform/kafka/pipeline-topics.js';
import { TopicAdmin } from '../../platform/kafka/topic-admin.js';
import type { WantedTopic } from '../../platform/kafka/topic-shape.js';
import { invalidRequest } from '../errors/api-error.js';
import { topicLock } from './topic-lock.js';

export type TopicKind = 'input' | 'error' | 'output';

/** Hears how the topics of a pipeline come about. */
export interface TopicProgress {
  /** Records topics that are about to be made, together with those before them. */
  note(topics: readonly string[]): Promise<void>;
  /** The topic is there, made now or before. */
  made(kind: TopicKind): void;
}

/** The topics of a pipeline: which there are, how they are made, and how they follow a change. */
@Injectable()
export class PipelineTopics {
  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly admin: TopicAdmin,
    private readonly database: Database,
  ) {}

  /**
   * Makes what is missing and raises what is too small. Each topic is noted before it is made, so that a crash at any
   * point leaves none that nobody knows of.
   */
  async make(pipeline: Pipeline, progress: TopicProgress): Promise<void> {
    await this.requireOwnInput(pipeline);
    const noted: string[] = [];
    for (const [kind, wanted] of this.wanted(pipeline)) {
      await this.exclusively(kind, wanted, async () => {
        if (!(await this.admin.hasTopic(wanted.topic))) {
          noted.push(wanted.topic);
          await progress.note(noted);
        }
        await this.admin.ensureTopic(wanted);
      });
      progress.made(kind);
    }
  }

  /** Rejects when a change of the pipeline to this form cannot be carried out; changes nothing. */
  async check(pipeline: Pipeline): Promise<void> {
    await this.requireOwnInput(pipeline);
    for (const [, wanted] of this.wanted(pipeline)) {
      await this.admin.checkTopic(wanted);
    }
  }

  /** Brings the topics to what the pipeline's row says. Repeatable. */
  async adapt(pipeline: Pipeline): Promise<void> {
    for (const [kind, wanted] of this.wanted(pipeline)) {
      await this.exclusively(kind, wanted, async () => {
        await this.admin.ensureTopic(wanted);
      });
    }
  }

  /** The service's own ones, in the order in which they are made. */
  private wanted({ topics, settings, hasOwnInputTopic }: Pipeline): (readonly [TopicKind, WantedTopic])[] {
    const { input, error, output } = topics;
    return [
      ...(hasOwnInputTopic ? [] : [['input', inputTopic(this.config, input, settings)] as const]),
      ['error', errorTopic(this.config, error, settings)],
      ...(output ? [['output', outputTopic(this.config, output)] as const] : []),
    ];
  }

  /** Only output topics are shared: the others have the id of the pipeline in their names, and nobody else makes them. */
  private async exclusively(kind: TopicKind, { topic }: WantedTopic, work: () => Promise<void>): Promise<void> {
    return kind === 'output' ? this.database.withLock(topicLock(topic), work) : work();
  }

  private async requireOwnInput({ topics, hasOwnInputTopic }: Pipeline): Promise<void> {
    const { input } = topics;
    if (hasOwnInputTopic && !(await this.database.withLock(topicLock(input), () => this.admin.hasTopic(input)))) {
      throw invalidRequest([
        { code: 'InvalidParameter.InputTopic', field: 'input_topic', fault: `there is no topic ${input}` },
      ]);
    }
  }
}
