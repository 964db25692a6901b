import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';

/** Whether there is something that the reconciler may have to go on with. */
@Injectable()
export class UnfinishedRepository {
  constructor(private readonly database: Database) {}

  /** True while a create, its undo or a deletion is not through, or workers have not been told of a change. */
  async isAnything(): Promise<boolean> {
    const rows: unknown[] = await this.database.run((manager) =>
      manager.query(
        `SELECT 1 FROM t_stream_data_pipeline
         WHERE f_step <> '' OR f_desired = 'deleting' OR f_published_revision < f_revision LIMIT 1`,
      ),
    );
    return rows.length > 0;
  }
}
