import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiNotModifiedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { Pipeline } from '../../domain/pipeline.js';
import { INTERNAL_BASE, PUBLIC_BASE } from '../../platform/http/api-bases.js';
import { listenerOf } from '../../platform/http/listener.js';
import { AlsoRequires, FilteredBy, RequiresOperation } from '../../platform/http/route-access.decorator.js';
import { answerHeaders, ApiErrors, ApiErrorsBut } from '../http/api-errors.decorator.js';
import { ExampledBody } from '../http/exampled-body.decorator.js';
import { IfMatch } from '../http/if-match.decorator.js';
import { NoQuery } from '../http/no-query.dto.js';
import type { CallerAccount } from '../auth/caller-account.js';
import { Caller } from '../auth/caller.decorator.js';
import { Permissions } from '../permission/permissions.js';
import { ChangeAttributesDto, ChangeAttributesQuery } from './dto/change-attributes.dto.js';
import { CreatePipelineDto } from './dto/create-pipeline.dto.js';
import { DeletePipelineDto } from './dto/delete-pipeline.dto.js';
import { GetPipelineDto } from './dto/get-pipeline.dto.js';
import { ListPipelinesDto } from './dto/list-pipelines.dto.js';
import { CreatedPipelineDto, PipelineDto, PipelineListDto } from './dto/pipeline.dto.js';
import { createErrors, updateErrors } from './write-errors.js';
import { etagOf } from './pipeline-etag.js';
import {
  attributeExamples,
  createdExample,
  createExamples,
  pipelineExample,
  pipelineListExample,
  updateExamples,
} from './pipeline-examples.js';
import { pipelineView } from './pipeline-view.js';
import { SkipTestsDto } from './dto/skip-tests.dto.js';
import { UpdatePipelineDto } from './dto/update-pipeline.dto.js';
import { PipelinesService } from './pipelines.service.js';

const ID = { name: 'id', description: 'Id of the pipeline', example: 'web-access-log' };
const headers = answerHeaders;
const ETAG = '"3-47DEQpj8HBSa"';
const etag = { description: 'For If-None-Match and If-Match', schema: { type: 'string' as const, example: ETAG } };
const ifMatch = {
  name: 'If-Match',
  required: false,
  description: 'ETag of the pipeline as the caller read it: if it was changed since, 412',
  example: ETAG,
};
const location = {
  description: 'Address of the pipeline',
  schema: { type: 'string' as const, example: `${PUBLIC_BASE}/pipelines/web-access-log` },
};

@ApiTags('pipelines')
@ApiBearerAuth()
@Controller([`${PUBLIC_BASE}/pipelines`, `${INTERNAL_BASE}/pipelines`])
export class PipelinesController {
  constructor(
    private readonly pipelines: PipelinesService,
    private readonly permissions: Permissions,
  ) {}

  @Post()
  @RequiresOperation('create')
  @AlsoRequires('authorize', 'skip_tests')
  @ApiOperation({
    summary: 'Create a pipeline',
    description: 'It is running when this answers. Refused when one of its `tests` fails.',
  })
  @ExampledBody(CreatePipelineDto, createExamples)
  @ApiCreatedResponse({
    description: 'It is there, and the workers know of it',
    ...{ type: CreatedPipelineDto, example: createdExample, headers: { ...headers, Location: location } },
  })
  @ApiErrors(...createErrors)
  async create(
    @Body() body: CreatePipelineDto,
    @Query() query: SkipTestsDto,
    @Caller() account: CallerAccount,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CreatedPipelineDto> {
    const id = await this.pipelines.create(body, account, query);
    response.setHeader(
      'Location',
      `${listenerOf(request) === 'internal' ? INTERNAL_BASE : PUBLIC_BASE}/pipelines/${id}`,
    );
    return { id };
  }

  @Get()
  @FilteredBy('view_detail')
  @ApiOperation({
    summary: 'List pipelines',
    description: 'Those that the caller may view; `total_count` counts just them.',
  })
  @ApiOkResponse({ description: 'A page of them', type: PipelineListDto, example: pipelineListExample, headers })
  @ApiErrors(
    'InvalidParameter.NamePattern',
    'InvalidParameter.Sort',
    'InvalidParameter.Direction',
    'InvalidParameter.Offset',
    'InvalidParameter.Limit',
    'InvalidParameter.Tag',
    'InvalidParameter.Builtin',
    'InvalidParameter.Status',
  )
  async list(@Query() query: ListPipelinesDto, @Caller() account: CallerAccount): Promise<PipelineListDto> {
    const { entries, totalCount } = await this.pipelines.list(query, account);
    return { entries: await this.views(entries, account), total_count: totalCount };
  }

  @Get(':id')
  @RequiresOperation('view_detail')
  @ApiOperation({
    summary: 'Read a pipeline',
    description: 'With `is_listen=true` the answer waits for a change.',
  })
  @ApiParam(ID)
  @ApiHeader({
    name: 'If-None-Match',
    ...{ required: false, description: 'ETag of the pipeline as the caller knows it', example: ETAG },
  })
  @ApiOkResponse({
    description: 'The pipeline as it is now',
    ...{ type: PipelineDto, example: pipelineExample, headers: { ...headers, ETag: etag } },
  })
  @ApiNotModifiedResponse({ description: 'It still has the ETag of If-None-Match', headers })
  @ApiErrors('InvalidParameter.IsListen', 'InvalidParameter.Path', 'NotFound.Pipeline')
  async get(
    @Param('id') id: string,
    @Query() query: GetPipelineDto,
    @Caller() account: CallerAccount,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PipelineDto> {
    const pipeline =
      query.is_listen === 'true'
        ? await this.pipelines.getChanged(id, request.headers['if-none-match'], callerLeft(response))
        : await this.pipelines.get(id);
    response.setHeader('ETag', etagOf(pipeline));
    const [view] = await this.views([pipeline], account);
    return view as PipelineDto;
  }

  @Put(':id')
  @RequiresOperation('modify')
  @AlsoRequires('authorize', 'skip_tests')
  @ApiOperation({
    summary: 'Change a pipeline',
    description:
      'Replaces everything that can be changed: what is left out has its default again, only `tests` stay. Refused when one of the `tests` fails. The workers go on with the old form until everything read by it is written and committed.',
  })
  @ApiParam(ID)
  @ApiHeader(ifMatch)
  @ExampledBody(UpdatePipelineDto, updateExamples)
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'Recorded; the workers are told', headers })
  @ApiErrorsBut({ 'Duplicated.PipelineName': 400 }, ...updateErrors)
  async update(
    @Param('id') id: string,
    @Body() body: UpdatePipelineDto,
    @Query() { skip_tests }: SkipTestsDto,
    @Caller() account: CallerAccount,
    @IfMatch() ifMatch: string | undefined,
  ): Promise<void> {
    await this.pipelines.update(id, body, account, { ifMatch, skip_tests });
  }

  @Post(':id/restart')
  @RequiresOperation('operate')
  @ApiOperation({
    summary: 'Restart the tasks of a pipeline',
    description: 'They write and commit what they have read, then begin anew where they were.',
  })
  @ApiParam(ID)
  @HttpCode(202)
  @ApiAcceptedResponse({ description: 'The workers are told', headers })
  @ApiErrors(
    'InvalidParameter.Path',
    'NotFound.Pipeline',
    'Conflict.PipelineClosed',
    'Conflict.PipelineDeleting',
    'InternalError.Kafka',
    'ServiceUnavailable.Kafka',
  )
  async restart(@Param('id') id: string, @Query() _query: NoQuery, @Caller() account: CallerAccount): Promise<void> {
    await this.pipelines.restart(id, account);
  }

  @Delete(':id')
  @RequiresOperation('delete')
  @AlsoRequires('authorize', 'delete_output')
  @ApiOperation({
    summary: 'Delete a pipeline',
    description:
      'Its input topic (unless it was your own), error topic and consumer group go too, but no topic that another pipeline reads; the output topic (without `delete_output`) and the documents stay. Safe to repeat.',
  })
  @ApiParam(ID)
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'It is gone', headers })
  @ApiAcceptedResponse({ description: 'It takes longer than 10 s and goes on; the pipeline is `deleting`', headers })
  @ApiHeader(ifMatch)
  @ApiErrors(
    'InvalidParameter.Path',
    'InvalidParameter.Force',
    'InvalidParameter.DeleteOutput',
    'InvalidParameter.IfMatch',
    'NotFound.Pipeline',
    'Conflict.PipelineRunning',
    'Conflict.OutputTopicInUse',
    'PreconditionFailed.Version',
  )
  async delete(
    @Param('id') id: string,
    @Query() query: DeletePipelineDto,
    @Caller() account: CallerAccount,
    @IfMatch() ifMatch: string | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const outcome = await this.pipelines.delete(id, query, account, { listener: listenerOf(request), ifMatch });
    response.status(outcome === 'deleted' ? 204 : 202);
  }

  @Put(':id/attrs/:fields')
  @RequiresOperation('operate')
  @ApiOperation({
    summary: 'Start or stop a pipeline',
    description: 'The body has exactly the fields that the path names, separated by commas.',
  })
  @ApiParam(ID)
  @ApiParam({ name: 'fields', description: '`status`, `status_details`, or both', example: 'status' })
  @ApiHeader(ifMatch)
  @ExampledBody(ChangeAttributesDto, attributeExamples)
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'Recorded; the workers are told', headers })
  @ApiErrors(
    'InvalidParameter.Path',
    'InvalidParameter.Fields',
    'InvalidParameter.Status',
    'InvalidParameter.StatusDetails',
    'InvalidParameter.IsInnerRequest',
    'NullParameter.Status',
    'NullParameter.StatusDetails',
    'LengthExceeded.StatusDetails',
    'InvalidParameter.IfMatch',
    'NotFound.Pipeline',
    'Conflict.PipelineDeleting',
    'PreconditionFailed.Version',
  )
  async changeAttributes(
    @Param('id') id: string,
    @Param('fields') fields: string,
    @Body() body: object,
    @Query() query: ChangeAttributesQuery,
    @Caller() account: CallerAccount,
    @IfMatch() ifMatch: string | undefined,
    @Req() request: Request,
  ): Promise<void> {
    const caller = { account, listener: listenerOf(request), ifMatch };
    await this.pipelines.changeAttributes({ id, fields }, body, query, caller);
  }

  private async views(pipelines: readonly Pipeline[], account: CallerAccount): Promise<PipelineDto[]> {
    const ids = pipelines.map(({ id }) => id);
    const operations = await this.permissions.operationsOn(account, ids);
    return pipelines.map((pipeline) => pipelineView(pipeline, operations.get(pipeline.id) ?? []));
  }
}

/** Aborted when the connection closes before the answer is written. */
function callerLeft(response: Response): AbortSignal {
  const left = new AbortController();
  response.once('close', () => left.abort());
  return left.signal;
}
