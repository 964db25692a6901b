import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a crash must not make forgotten: that a deletion takes the output topic, that a change is not made yet. It only adds. */
export class RecordedWishes1764050000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE t_stream_data_pipeline
       ADD COLUMN IF NOT EXISTS f_delete_output boolean NOT NULL DEFAULT 0 COMMENT '1: its deletion takes the output topic too',
       ADD COLUMN IF NOT EXISTS f_adapt_due boolean NOT NULL DEFAULT 0 COMMENT '1: topics and tasks are to be brought to the row'`,
    );
  }

  /** As of every migration: going back is a restore from a backup. */
  down(): Promise<void> {
    return Promise.reject(new Error('Migrations only add; restore a backup to go back'));
  }
}
