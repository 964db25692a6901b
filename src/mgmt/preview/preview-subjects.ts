import { Injectable } from '@nestjs/common';
import type { Pipeline } from '../../domain/pipeline.js';
import type { CallerAccount } from '../auth/caller-account.js';
import { ApiError, type Fault, invalidRequest, within } from '../errors/api-error.js';
import { HandlerCheck } from '../pipelines/handler-check.js';
import { PipelineDrafts } from '../pipelines/pipeline-drafts.js';
import { pipelineView } from '../pipelines/pipeline-view.js';
import { PipelinesRepository } from '../pipelines/pipelines.repository.js';
import { Permissions, WHOLE_SERVICE } from '../permission/permissions.js';
import type { Operation } from '../../platform/http/operation.js';
import type { PreviewDto, PreviewedPipelineDto } from './dto/preview.dto.js';

const PLACE = 'pipeline';

/** Finds out which pipeline a preview is about: one that is there, one that might be, or one that is there as it might be. */
@Injectable()
export class PreviewSubjects {
  constructor(
    private readonly pipelines: PipelinesRepository,
    private readonly drafts: PipelineDrafts,
    private readonly handlers: HandlerCheck,
    private readonly permissions: Permissions,
  ) {}

  /** Rejects with all faults at once, and with Forbidden for what `view_data` alone does not allow. */
  async of({ id, pipeline: given, peek }: PreviewDto, account: CallerAccount): Promise<Pipeline> {
    if (id === undefined || id === null) {
      const drafted = await this.draft(given, account);
      await this.requireRights(drafted, { secrets: [], peeks: Boolean(peek) }, account);
      return drafted;
    }
    const existing = await this.pipelines.find(id);
    if (!existing) {
      throw new ApiError('NotFound.Pipeline');
    }
    const changed = given ? await within(PLACE, () => this.changed(existing, given)) : this.usable(existing);
    await this.requireRights(
      changed,
      { id, secrets: this.handlers.secretsOf(existing.handlers), peeks: false },
      account,
    );
    return changed;
  }

  private async draft(given: PreviewedPipelineDto | undefined, account: CallerAccount): Promise<Pipeline> {
    return within(PLACE, () => {
      if (given && !given.index_base && !given.use_index_base_in_data) {
        throw invalidRequest([{ code: 'NullParameter.IndexBase', field: 'index_base', fault: 'is missing' }]);
      }
      return this.drafts.of(given as PreviewedPipelineDto, account, 0);
    });
  }

  private changed(existing: Pipeline, given: PreviewedPipelineDto): Pipeline {
    const current = pipelineView(existing, []);
    const dto = { ...current, ...givenOf(given), settings: { ...current.settings, ...givenOf(given.settings ?? {}) } };
    return this.drafts.changed(existing, dto as PreviewedPipelineDto);
  }

  /** Its secrets may be gone from the settings since it was stored. */
  private usable(existing: Pipeline): Pipeline {
    const [first, ...others]: Fault[] = this.handlers.faultsOf(existing.handlers);
    if (first) {
      throw invalidRequest([first, ...others]);
    }
    return existing;
  }

  /**
   * Who may create or change pipelines can read any topic by one, and have any value hashed with any secret. Who may only
   * look at the data of a pipeline gets no more of them than that pipeline has.
   */
  private async requireRights(
    { handlers }: Pipeline,
    { id, secrets, peeks }: { id?: string; secrets: readonly string[]; peeks: boolean },
    account: CallerAccount,
  ): Promise<void> {
    const others = this.handlers.secretsOf(handlers).filter((secret) => !secrets.includes(secret));
    if (others.length === 0 && !peeks) {
      return;
    }
    const [operation, resource]: [Operation, string] = id === undefined ? ['create', WHOLE_SERVICE] : ['modify', id];
    if (!(await this.permissions.isAllowed(account, operation, resource))) {
      const what = peeks ? 'looking at a topic without a pipeline' : 'trying out handlers with other secrets';
      const where = id === undefined ? 'here' : `to ${id}`;
      throw new ApiError('Forbidden', { reason: `${what}: the account may not ${operation} ${where}` });
    }
  }
}

/** The fields that say something. */
function givenOf<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]: [string, unknown]) => value !== undefined && value !== null),
  ) as Partial<T>;
}
