import 'reflect-metadata';
import { type ArgumentMetadata, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { parseDto } from './parse-dto.js';

/** Checks bodies and queries whose type is a DTO; everything else passes as it is. */
@Injectable()
export class DtoPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if ((type !== 'body' && type !== 'query') || !metatype || metatype === Object || metatype === String) {
      return value;
    }
    return parseDto(metatype as Type<object>, value, type);
  }
}
