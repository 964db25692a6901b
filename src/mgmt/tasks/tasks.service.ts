import { Injectable } from '@nestjs/common';
import { ApiError } from '../errors/api-error.js';
import { PipelinesRepository } from '../pipelines/pipelines.repository.js';
import type { ListTasksDto, TaskListDto, TaskTransitionDto } from './task.dto.js';
import { TaskTransitionsRepository } from './task-transitions.repository.js';
import { taskView, transitionView } from './task-view.js';
import { TasksRepository } from './tasks.repository.js';

@Injectable()
export class TasksService {
  constructor(
    private readonly pipelines: PipelinesRepository,
    private readonly tasks: TasksRepository,
    private readonly transitions: TaskTransitionsRepository,
  ) {}

  async list(pipelineId: string, { history }: ListTasksDto): Promise<TaskListDto> {
    if (!(await this.pipelines.find(pipelineId))) {
      throw new ApiError('NotFound.Pipeline');
    }
    const tasks = await this.tasks.reportedOf([pipelineId]);
    const list = { entries: tasks.map(taskView), total_count: tasks.length };
    return history === 'true' ? { ...list, history: await this.historyOf(pipelineId) } : list;
  }

  private async historyOf(pipelineId: string): Promise<TaskTransitionDto[]> {
    return (await this.transitions.lastOf(pipelineId)).map(transitionView);
  }
}
