import { Controller, Get, Header, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request } from 'express';
import { OpenRoute } from '../../platform/http/route-access.decorator.js';
import { errorCodes, errorRegistry, wireCode } from '../errors/error-registry.js';
import { contextOf } from './request-context.js';

/** Where `error_link` leads. */
@ApiExcludeController()
@OpenRoute('it explains errors, also to those who are refused')
@Controller('docs/errors')
export class ErrorPageController {
  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  read(@Req() request: Request): string {
    return errorPage(contextOf(request).language);
  }
}

function errorPage(language: 'en-US' | 'zh-CN'): string {
  const rows = errorCodes.map((code) => {
    const { status, [language]: texts } = errorRegistry[code];
    const cells = [`<code>${wireCode(code)}</code>`, String(status), texts.description, texts.solution];
    return `<tr id="${wireCode(code)}">${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  const style = 'body{font-family:sans-serif}td{padding:.4em;border-top:1px solid #ccc}tr:target{background:#ffd}';
  return `<!doctype html><html lang="${language}"><meta charset="utf-8"><title>Errors</title><style>${style}</style><table>${rows.join('')}</table></html>`;
}
