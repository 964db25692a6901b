import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, AppConfig } from '../../config/app-config.js';
import type { Pipeline } from '../../domain/pipeline.js';
import { TopicNames } from '../../domain/topic-names.js';
import { Database } from '../../platform/database/database.js';
import { errorTopic, inputTopic, outputTopic } from '../../platform/kafka/pipeline-topics.js';
import { TopicAdmin } from '../../platform/kafka/topic-admin.js';
import type { WantedTopic } from '../../platform/kafka/topic-shape.js';
import { invalidRequest } from '../errors/api-error.js';
import { CreateStepsRepository } from './create-steps.repository.js';

/** Records topics that are about to be made. */
export type NoteTopics = (topics: readonly string[]) => Promise<void>;

/** The topics of a pipeline and its consumer group: which there are, how they are made, and which of them go. */
@Injectable()
export class PipelineTopics {
  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly admin: TopicAdmin,
    private readonly database: Database,
    private readonly steps: CreateStepsRepository,
    private readonly names: TopicNames,
  ) {}

  /**
   * Makes what is missing and raises what is too small. `note` hears of each topic before it is made, together with those
   * before it, so that a crash at any point leaves none that nobody knows of.
   */
  async make(pipeline: Pipeline, note: NoteTopics): Promise<void> {
    const { topics, settings, hasOwnInputTopic } = pipeline;
    const made: string[] = [];
    const ensure = async (wanted: WantedTopic) => {
      if (!(await this.admin.hasTopic(wanted.topic))) {
        made.push(wanted.topic);
        await note(made);
      }
      await this.admin.ensureTopic(wanted);
    };
    if (hasOwnInputTopic) {
      await this.requireTopic(topics.input);
    } else {
      await ensure(inputTopic(this.config, topics.input, settings));
    }
    await ensure(errorTopic(this.config, topics.error, settings));
    const { output } = topics;
    if (output) {
      await this.lockingBase(pipeline, () => ensure(outputTopic(this.config, output)));
    }
  }

  /**
   * Makes and raises what a change of the pipeline needs. An output topic that is made here stays when the change fails:
   * it belongs to the base, and the next pipeline of that base takes it as it is.
   */
  async adapt(pipeline: Pipeline): Promise<void> {
    await this.make(pipeline, () => Promise.resolve());
  }

  /** Deletes what a create made. The output topic stays when another pipeline may write to it meanwhile. */
  async unmake(pipeline: Pipeline, made: readonly string[]): Promise<void> {
    const { output } = pipeline.topics;
    const own = made.filter((topic) => topic !== output);
    if (own.length > 0) {
      await this.admin.deleteTopics(own);
    }
    if (output && made.includes(output)) {
      await this.lockingBase(pipeline, async () => {
        if (!(await this.steps.isBaseUsedByOthers(pipeline.indexBase, pipeline.id))) {
          await this.admin.deleteTopics([output]);
        }
      });
    }
  }

  /** True while a task of the pipeline, or somebody else, is a member of its consumer group. */
  async isRead(pipelineId: string): Promise<boolean> {
    return (await this.admin.groupMembers(this.groupOf(pipelineId))) > 0;
  }

  groupOf(pipelineId: string): string {
    return this.names.group(pipelineId);
  }

  /**
   * The consumer group, the input topic unless it is the owner's, and the error topic. The output topic belongs to the
   * index base. Rejects before a topic is touched when the group has members.
   */
  async deleteOwn({ id, topics, hasOwnInputTopic }: Pipeline): Promise<void> {
    await this.admin.deleteGroup(this.names.group(id));
    const own = hasOwnInputTopic ? [topics.error] : [topics.input, topics.error];
    // One that was taken over under an id for which there are no topics has none.
    await this.admin.deleteTopics(own.filter((topic) => topic !== ''));
  }

  /** Between the look at the topic and the making or deleting of it nobody else may do either. */
  private async lockingBase(pipeline: Pipeline, work: () => Promise<void>): Promise<void> {
    await this.database.withLock(`index base ${pipeline.indexBase}`, work);
  }

  private async requireTopic(topic: string): Promise<void> {
    if (!(await this.admin.hasTopic(topic))) {
      throw invalidRequest([
        { code: 'InvalidParameter.InputTopic', field: 'input_topic', fault: `there is no topic ${topic}` },
      ]);
    }
  }
}
