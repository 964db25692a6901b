import { Injectable } from '@nestjs/common';
import type { Account, Pipeline } from '../../domain/pipeline.js';
import type { Listener } from '../../platform/http/listener.js';
import type { CallerAccount } from '../auth/caller-account.js';
import { ApiError } from '../errors/api-error.js';
import { Permissions } from '../permission/permissions.js';
import { AttributeChange } from './attribute-change.js';
import type { ChangeAttributesQuery } from './dto/change-attributes.dto.js';
import type { CreatePipelineDto } from './dto/create-pipeline.dto.js';
import type { DeletePipelineDto } from './dto/delete-pipeline.dto.js';
import type { UpdatePipelineDto } from './dto/update-pipeline.dto.js';
import type { SkipTestsDto } from './dto/skip-tests.dto.js';
import type { ListPipelinesDto } from './dto/list-pipelines.dto.js';
import { PipelineCreation } from './pipeline-creation.js';
import { PipelineDeletion } from './pipeline-deletion.js';
import { PipelineDrafts } from './pipeline-drafts.js';
import { etagOf, parseIfMatch, parseIfNoneMatch } from './pipeline-etag.js';
import { PipelineTests } from './pipeline-tests.js';
import { PipelineRestart } from './pipeline-restart.js';
import { PipelineUpdate } from './pipeline-update.js';
import { PipelineWatch } from './pipeline-watch.js';
import { PipelinesRepository } from './pipelines.repository.js';

/** What callers can do with pipelines. */
@Injectable()
export class PipelinesService {
  constructor(
    private readonly pipelines: PipelinesRepository,
    private readonly permissions: Permissions,
    private readonly drafts: PipelineDrafts,
    private readonly creation: PipelineCreation,
    private readonly deletion: PipelineDeletion,
    private readonly attributes: AttributeChange,
    private readonly updates: PipelineUpdate,
    private readonly restarts: PipelineRestart,
    private readonly watch: PipelineWatch,
    private readonly tests: PipelineTests,
  ) {}

  /** Answers the id. */
  async create(dto: CreatePipelineDto, account: CallerAccount, { skip_tests }: SkipTestsDto): Promise<string> {
    const pipeline = this.drafts.of(dto, account, await this.pipelines.nextRevision());
    if (skip_tests !== 'true') {
      await this.tests.require(pipeline);
    }
    await this.creation.create(pipeline, account);
    return pipeline.id;
  }

  async get(id: string): Promise<Pipeline> {
    const pipeline = await this.pipelines.find(id);
    if (!pipeline) {
      throw new ApiError('NotFound.Pipeline');
    }
    return pipeline;
  }

  /**
   * The pipeline when it has none of the ETags of `ifNoneMatch` (undefined: the one that it has now), at the latest after
   * 30 s. Gives up early when the caller has left.
   */
  async getChanged(id: string, ifNoneMatch: string | undefined, signal: AbortSignal): Promise<Pipeline> {
    const pipeline = await this.get(id);
    const current = etagOf(pipeline);
    const known = parseIfNoneMatch(ifNoneMatch) ?? new Set([current]);
    if (!known.has(current)) {
      return pipeline;
    }
    await this.watch.changed(id, known, signal);
    return this.get(id);
  }

  async update(
    id: string,
    dto: UpdatePipelineDto,
    account: Account,
    { ifMatch, skip_tests }: SkipTestsDto & { ifMatch: string | undefined },
  ): Promise<void> {
    await this.updates.update({
      ...{ id, dto, account, versions: parseIfMatch(ifMatch) },
      skipsTests: skip_tests === 'true',
    });
  }

  async restart(id: string, account: Account): Promise<void> {
    await this.restarts.restart(id, account);
  }

  /** Those that the account may view. */
  async list(query: ListPipelinesDto, account: CallerAccount): Promise<{ entries: Pipeline[]; totalCount: number }> {
    return this.pipelines.list({
      ids: await this.permissions.filter(account, 'view_detail', () => this.pipelines.ids()),
      namePattern: query.name_pattern ?? '',
      tag: query.tag ?? '',
      builtin: (query.builtin ?? []).map((flag) => flag === 'true'),
      status: query.status ?? [],
      sort: query.sort ?? 'update_time',
      direction: query.direction ?? 'desc',
      offset: query.offset ?? 0,
      limit: query.limit ?? 10,
    });
  }

  /** 'deleting' when it goes on after the answer. */
  async delete(
    id: string,
    { force, delete_output: deleteOutput }: DeletePipelineDto,
    account: CallerAccount,
    { listener, ifMatch }: { listener: Listener; ifMatch: string | undefined },
  ): Promise<'deleted' | 'deleting'> {
    return this.deletion.delete({
      id,
      account,
      force: force === 'true',
      deletesOutput: deleteOutput === 'true',
      mayDeleteBuiltin: listener === 'internal',
      versions: parseIfMatch(ifMatch),
    });
  }

  async changeAttributes(
    target: { id: string; fields: string },
    body: unknown,
    { is_inner_request: inner }: ChangeAttributesQuery,
    caller: { account: Account; listener: Listener; ifMatch: string | undefined },
  ): Promise<void> {
    const { ifMatch, ...by } = caller;
    const versions = parseIfMatch(ifMatch);
    await this.attributes.change({ ...target, body, isReport: inner === 'true', versions, ...by });
  }
}
