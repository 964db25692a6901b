import { Injectable } from '@nestjs/common';
import { DesiredStatePublisher } from '../../control/desired-state-publisher.js';
import { CreateUndo } from '../pipelines/create-undo.js';
import { PipelineDeletion } from '../pipelines/pipeline-deletion.js';
import { PipelinePublication } from '../pipelines/pipeline-publication.js';
import { TakeOver } from '../pipelines/take-over.js';
import { SilentTasks } from '../tasks/silent-tasks.js';
import { TasksRepository } from '../tasks/tasks.repository.js';

export type ReconcileStep = readonly [name: string, run: () => Promise<void>];

/** What a run of the reconciler does, in order. */
@Injectable()
export class ReconcileSteps {
  constructor(
    private readonly desiredState: DesiredStatePublisher,
    private readonly undo: CreateUndo,
    private readonly deletion: PipelineDeletion,
    private readonly publication: PipelinePublication,
    private readonly tasks: TasksRepository,
    private readonly silentTasks: SilentTasks,
    private readonly takeOver: TakeOver,
  ) {}

  inOrder(): ReconcileStep[] {
    return [
      ['make the control topic', () => this.desiredState.prepare()],
      ['undo unfinished creates', () => this.undo.undoStale()],
      ['go on with deletions', () => this.deletion.continueAll()],
      ['take over pipelines of an older service', () => this.takeOver.run()],
      ['tell workers of changes', () => this.publication.publishBehind()],
      ['make workers forget tasks without a pipeline', () => this.removeOrphans()],
      ['mark tasks without reports', () => this.silentTasks.mark()],
    ];
  }

  /** Nothing should leave them; a row that was deleted by hand does. */
  private async removeOrphans(): Promise<void> {
    const orphans = await this.tasks.orphans();
    await this.publication.remove(orphans);
    for (const pipelineId of new Set(orphans.map((task) => task.pipelineId))) {
      await this.tasks.remove(pipelineId);
    }
  }
}
