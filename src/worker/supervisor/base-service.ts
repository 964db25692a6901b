import type { AppConfig } from '../../config/app-config.js';
import type { IndexBase } from '../../domain/index-base.js';
import type { TopicNames } from '../../domain/topic-names.js';
import type { IndexBaseProvider } from '../../platform/index-base/index-base-provider.js';
import { outputTopic } from '../../platform/kafka/pipeline-topics.js';
import type { TopicAdmin } from '../../platform/kafka/topic-admin.js';
import type { TargetBase } from '../../document/target-base.js';

/** Answers what task threads ask about index bases, with one cache for all of them. */
export class BaseService {
  constructor(
    private readonly provider: IndexBaseProvider,
    private readonly topics: TopicAdmin,
    private readonly names: TopicNames,
    private readonly config: AppConfig,
  ) {}

  /** A base that a record named: the provider has to know it, the output topic is made when it is missing. */
  async find(baseType: string): Promise<TargetBase | undefined> {
    const base = await this.provider.get(baseType);
    if (!base) {
      return undefined;
    }
    const topic = outputTopic(this.config, this.names.output(baseType));
    await this.topics.ensureTopic(topic);
    return { ...base, outputTopic: topic.topic, isOwn: false };
  }

  /** Makes the alias of a pipeline's own base again, when the provider does so and may. */
  async revive(base: IndexBase): Promise<boolean> {
    return this.provider.revive(base.baseType);
  }
}
