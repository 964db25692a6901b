import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a pipeline's handlers are held against before they are stored. It only adds. */
export class PipelineTests1764150000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE t_stream_data_pipeline ADD COLUMN IF NOT EXISTS f_tests mediumtext NOT NULL DEFAULT '[]'`,
    );
  }

  /** As of every migration: going back is a restore from a backup. */
  down(): Promise<void> {
    return Promise.reject(new Error('Migrations only add; restore a backup to go back'));
  }
}
