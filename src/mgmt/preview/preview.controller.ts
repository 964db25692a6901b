import { Body, Controller, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { INTERNAL_BASE, PUBLIC_BASE } from '../../platform/http/api-bases.js';
import { RequiresOperation } from '../../platform/http/route-access.decorator.js';
import type { CallerAccount } from '../auth/caller-account.js';
import { Caller } from '../auth/caller.decorator.js';
import { answerHeaders, ApiErrors } from '../http/api-errors.decorator.js';
import { ExampledBody } from '../http/exampled-body.decorator.js';
import { NoQuery } from '../http/no-query.dto.js';
import { PreviewResultDto } from './dto/preview-result.dto.js';
import { PreviewDto } from './dto/preview.dto.js';
import { previewErrors } from './preview-errors.js';
import { previewExamples, previewResultExample } from './preview-examples.js';
import { PreviewService } from './preview.service.js';

@ApiTags('pipelines')
@ApiBearerAuth()
@Controller([`${PUBLIC_BASE}/pipelines/preview`, `${INTERNAL_BASE}/pipelines/preview`])
export class PreviewController {
  constructor(private readonly preview: PreviewService) {}

  @Post()
  @RequiresOperation('view_data', 'id of the body')
  @ApiOperation({
    summary: 'Try out what becomes of records',
    description:
      'Sends records through handlers and annotation, by the code of the workers, and shows what would be written. Nothing is written, made or changed, and no consumer group is joined. All records together may take 5 s. Needs `view_data` on the pipeline that `id` names, else on all; `create` too for an `input_topic` without `id`, and for handlers with secrets that the pipeline does not use (`modify` where there is an `id`).',
  })
  @ExampledBody(PreviewDto, previewExamples)
  @HttpCode(200)
  @ApiOkResponse({
    description: 'What would become of each record',
    ...{ type: PreviewResultDto, example: previewResultExample, headers: answerHeaders },
  })
  @ApiErrors(...previewErrors)
  async run(
    @Body() body: PreviewDto,
    @Query() _query: NoQuery,
    @Caller() account: CallerAccount,
  ): Promise<PreviewResultDto> {
    return this.preview.preview(body, account);
  }
}
