import { Injectable } from '@nestjs/common';
import { In, type SelectQueryBuilder } from 'typeorm';
import type { Account, DesiredState, Pipeline, PipelineStatus, PipelineTopics } from '../../domain/pipeline.js';
import { Database } from '../../platform/database/database.js';
import type { IndexBase } from '../../domain/index-base.js';
import { NO_LIMIT } from '../http/page.decorators.js';
import type { ListQuery, SortField } from './list-query.js';
import { type OldRow, readOldRow } from './old-row.js';
import { PipelineEntity } from './pipeline.entity.js';
import type { Versioned } from './pipeline-etag.js';
import { toPipeline, toRow } from './pipeline-row.js';

const SORT_COLUMNS: Readonly<Record<SortField, string>> = { update_time: 'p.updateTime', name: 'p.name' };
/** Of the sequence, so that a pipeline that is deleted and made again has none of its versions again. */
const NEXT_VERSION = () => 'NEXT VALUE FOR s_stream_data_pipeline_revision';
/** MariaDB has no offset without a limit. */
const ALL = Number.MAX_SAFE_INTEGER;

export interface CallerChange {
  desired: DesiredState;
  /** Absent: as it is. */
  deleteOutput?: boolean;
  status: PipelineStatus;
  statusDetails: string;
  revision: number;
  updateTime: number;
  updater: Account;
}

/** What a row of an older service becomes. */
export interface Adoption {
  desired: DesiredState;
  /** Undefined when there is none, or when nobody needs to know it yet. */
  base: IndexBase | undefined;
  status?: PipelineStatus;
  statusDetails?: string;
}

/** Pipelines as callers see them: what is still being made is not there. */
@Injectable()
export class PipelinesRepository {
  constructor(private readonly database: Database) {}

  async find(id: string): Promise<Pipeline | undefined> {
    const row = await this.database.run((manager) => manager.findOneBy(PipelineEntity, { id, step: '' }));
    return row ? toPipeline(row) : undefined;
  }

  /** A page, and how many there are on all pages. */
  async list(query: ListQuery): Promise<{ entries: Pipeline[]; totalCount: number }> {
    return this.database.run(async (manager) => {
      const select = matching(manager.createQueryBuilder(PipelineEntity, 'p'), query)
        .orderBy(SORT_COLUMNS[query.sort], query.direction === 'asc' ? 'ASC' : 'DESC')
        .addOrderBy('p.id', 'ASC')
        .offset(query.offset)
        .limit(query.limit === NO_LIMIT ? ALL : query.limit);
      const [rows, totalCount] = await select.getManyAndCount();
      return { entries: rows.map(toPipeline), totalCount };
    });
  }

  /** Runs `change` on the pipeline while nobody else can change it; undefined when there is none. */
  async locked<T>(id: string, change: (pipeline: Pipeline) => Promise<T>): Promise<T | undefined> {
    return this.database.transaction(async (manager) => {
      const row = await manager.findOne(PipelineEntity, {
        where: { id, step: '' },
        lock: { mode: 'pessimistic_write' },
      });
      return row ? change(toPipeline(row)) : undefined;
    });
  }

  async applyCallerChange(id: string, { updater, ...change }: CallerChange): Promise<void> {
    await this.database.run((manager) =>
      manager.update(
        PipelineEntity,
        { id },
        {
          ...change,
          ...{ updaterId: updater.id, updaterType: updater.type, updaterName: updater.name },
          version: NEXT_VERSION,
        },
      ),
    );
  }

  /**
   * Replaces what callers may change, within the lock of {@link locked}. Rejects with DUPLICATE_KEY when another pipeline
   * has the name. `isForWorkers`: the next publication has to bring topics and tasks to the new form.
   */
  async replace(pipeline: Pipeline, base: IndexBase | undefined, isForWorkers: boolean): Promise<void> {
    const { id, version: _version, publishedRevision: _published, ...row } = toRow(pipeline);
    const baseDetails = base ? JSON.stringify(base) : '';
    await this.database.run((manager) =>
      manager.update(
        PipelineEntity,
        { id },
        { ...row, baseDetails, version: NEXT_VERSION, ...(isForWorkers && { adaptDue: true }) },
      ),
    );
  }

  /** What tells whether a pipeline has changed, of those of `ids` that exist. */
  async versionsOf(ids: readonly string[]): Promise<(Versioned & { id: string })[]> {
    const rows = await this.database.run((manager) =>
      manager.find(PipelineEntity, {
        select: { id: true, version: true, status: true, statusDetails: true },
        where: { id: In([...ids]), step: '' },
      }),
    );
    return rows.map(({ id, version, status, statusDetails }) => ({
      ...{ id, version, statusDetails: statusDetails ?? '' },
      status: status as PipelineStatus,
    }));
  }

  /** What a report says; it touches neither what callers want nor when and by whom it was changed. */
  async applyReport(id: string, report: { status?: PipelineStatus; statusDetails?: string }): Promise<void> {
    await this.database.run((manager) => manager.update(PipelineEntity, { id }, report));
  }

  /** What a deletion that takes long waits for; of no effect once it is done, and the id perhaps another pipeline's. */
  async noteDeletion(id: string, statusDetails: string): Promise<void> {
    await this.database.run((manager) =>
      manager.update(PipelineEntity, { id, desired: 'deleting' }, { statusDetails }),
    );
  }

  async nextRevision(): Promise<number> {
    return this.database.run(async (manager) => {
      const rows: { revision: unknown }[] = await manager.query(
        'SELECT NEXT VALUE FOR s_stream_data_pipeline_revision AS revision',
      );
      return Number(rows[0]?.revision);
    });
  }

  async ids(): Promise<string[]> {
    const rows = await this.database.run((manager) =>
      manager.find(PipelineEntity, { select: { id: true }, where: { step: '' } }),
    );
    return rows.map(({ id }) => id);
  }

  /** Those of `ids` that exist. */
  async findMany(ids: readonly string[]): Promise<Pipeline[]> {
    const rows = await this.database.run((manager) => manager.findBy(PipelineEntity, { id: In([...ids]), step: '' }));
    return rows.map(toPipeline);
  }

  /** Ids of those whose deletion has begun. */
  async deleting(): Promise<string[]> {
    const rows = await this.database.run((manager) => manager.findBy(PipelineEntity, { desired: 'deleting' }));
    return rows.map(({ id }) => id);
  }

  /** Those of an older service that never had a revision. */
  async withoutRevision(): Promise<OldRow[]> {
    const rows = await this.database.run((manager) => manager.findBy(PipelineEntity, { revision: 0, step: '' }));
    return rows.map(readOldRow);
  }

  /** Notes the topics of such a one before they are made, so that a deletion meanwhile knows them. */
  async nameTopics(id: string, { input, error, output }: PipelineTopics): Promise<void> {
    await this.database.run((manager) =>
      manager.update(
        PipelineEntity,
        { id, revision: 0 },
        { inputTopic: input, errorTopic: error, outputTopic: output ?? '' },
      ),
    );
  }

  /** Gives such a one its first revision. What callers see changes only when `status` and `statusDetails` are given. */
  async adopt(id: string, { base, ...adoption }: Adoption, revision: number): Promise<void> {
    const baseDetails = base ? JSON.stringify(base) : '';
    await this.database.run((manager) =>
      manager.update(PipelineEntity, { id, revision: 0 }, { ...adoption, baseDetails, revision }),
    );
  }

  /** Resolves when the table can be read. */
  async ping(): Promise<void> {
    await this.database.run((manager) => manager.query('SELECT 1 FROM t_stream_data_pipeline LIMIT 1'));
  }
}

function matching(
  select: SelectQueryBuilder<PipelineEntity>,
  { ids, namePattern, tag, builtin, status }: ListQuery,
): SelectQueryBuilder<PipelineEntity> {
  select.where('p.step = :done', { done: '' });
  if (ids) {
    // No element would be no SQL; no id is empty.
    select.andWhere('p.id IN (:...ids)', { ids: ids.size > 0 ? [...ids] : [''] });
  }
  if (namePattern !== '') {
    // Unlike LIKE, it knows no wildcards.
    select.andWhere('LOCATE(:namePattern, p.name) > 0', { namePattern });
  }
  if (tag !== '') {
    select.andWhere('LOCATE(:tag, p.tags) > 0', { tag: `"${tag}"` });
  }
  if (builtin.length > 0) {
    select.andWhere('p.builtin IN (:...builtin)', { builtin: builtin.map(Number) });
  }
  if (status.length > 0) {
    select.andWhere('p.status IN (:...status)', { status });
  }
  return select;
}
