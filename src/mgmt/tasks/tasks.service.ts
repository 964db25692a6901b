import { Injectable } from '@nestjs/common';
import { ApiError } from '../errors/api-error.js';
import { PipelinesRepository } from '../pipelines/pipelines.repository.js';
import type { TaskListDto } from './task.dto.js';
import { taskView } from './task-view.js';
import { TasksRepository } from './tasks.repository.js';

@Injectable()
export class TasksService {
  constructor(
    private readonly pipelines: PipelinesRepository,
    private readonly tasks: TasksRepository,
  ) {}

  async list(pipelineId: string): Promise<TaskListDto> {
    if (!(await this.pipelines.find(pipelineId))) {
      throw new ApiError('NotFound.Pipeline');
    }
    const tasks = await this.tasks.reportedOf([pipelineId]);
    return { entries: tasks.map(taskView), total_count: tasks.length };
  }
}
