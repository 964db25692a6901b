import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { INTERNAL_BASE, PUBLIC_BASE } from '../../platform/http/api-bases.js';
import { RequiresOperation } from '../../platform/http/route-access.decorator.js';
import { answerHeaders, ApiErrors } from '../http/api-errors.decorator.js';
import { ListTasksDto, TaskListDto } from './task.dto.js';
import { taskListExample } from './task-examples.js';
import { TasksService } from './tasks.service.js';

@ApiTags('tasks')
@ApiBearerAuth()
@Controller([`${PUBLIC_BASE}/pipelines/:id/tasks`, `${INTERNAL_BASE}/pipelines/:id/tasks`])
export class TasksController {
  constructor(private readonly tasks: TasksService) {}

  @Get()
  @RequiresOperation('view_detail')
  @ApiOperation({ summary: 'What runs where', description: 'The last report of each task of the pipeline.' })
  @ApiParam({ name: 'id', description: 'Id of the pipeline', example: 'web-access-log' })
  @ApiOkResponse({ description: 'By index', type: TaskListDto, example: taskListExample, headers: answerHeaders })
  @ApiErrors('InvalidParameter.History', 'InvalidParameter.Path', 'NotFound.Pipeline')
  async list(@Param('id') id: string, @Query() query: ListTasksDto): Promise<TaskListDto> {
    return this.tasks.list(id, query);
  }
}
