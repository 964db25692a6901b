import type { RequestHandler } from 'express';
import type { Language } from '../../config/server-config.js';
import { contextOf } from './request-context.js';

/** Takes or makes the request's id and returns it. */
export function requestId(fallback: Language): RequestHandler {
  return (request, response, next) => {
    response.setHeader('x-request-id', contextOf(request, fallback).requestId);
    next();
  };
}
