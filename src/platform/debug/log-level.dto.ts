import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { type ConfiguredLogLevel, LOG_LEVELS } from '../../config/log-config.js';
import { IsOneOf, IsWholeNumber } from '../../config/rules.js';

const MAX_SECONDS = 86_400;

/** Body of PUT /debug/log-level. */
export class LogLevelChange {
  @ApiProperty({ description: 'What is logged from now on: this and what is more severe', enum: LOG_LEVELS })
  @IsOneOf(LOG_LEVELS)
  level: ConfiguredLogLevel;

  @ApiPropertyOptional({
    description: 'Seconds after which the configured level returns; left out: at the next change or restart',
    type: 'integer',
    minimum: 1,
    maximum: MAX_SECONDS,
    example: 600,
  })
  @IsOptional()
  @IsWholeNumber(1, MAX_SECONDS)
  seconds?: number;
}

/** What /debug/log-level answers. */
export class LogLevelDto {
  @ApiProperty({ enum: LOG_LEVELS, description: 'What counts now, in this process and its task threads' })
  level: ConfiguredLogLevel;

  @ApiProperty({ enum: LOG_LEVELS, description: 'The setting `log.logLevel`' })
  configured_level: ConfiguredLogLevel;

  @ApiPropertyOptional({
    description: 'Epoch milliseconds at which the configured level returns; absent when it does not by itself',
    type: 'integer',
    example: 1767225600000,
  })
  until?: number;
}
