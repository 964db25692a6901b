import type { ErrorCode } from '../../../src/mgmt/errors/error-registry.js';
import { PUBLIC_BASE } from '../../../src/platform/http/api-bases.js';
import type { ContractService } from './contract-service.js';
import type { HttpRequest } from './http-exchange.js';
import type { ServiceName } from './services.js';

export interface ToldFault {
  field: string;
  fault: string | RegExp;
  limit?: string | RegExp;
  /** What else is told, as it is. */
  more?: object;
}

/** How a caller comes to an error. A new code needs one line in one of the tables. */
export interface Provocation {
  code: ErrorCode;
  /** Completes "is told when". */
  when: string;
  /** The service at which it happens; absent: the one where everything works. */
  at?: ServiceName;
  request: HttpRequest | ((service: ContractService) => HttpRequest);
  /** Over the internal port. */
  isInternal?: boolean;
  /** Other than the registry's. */
  status?: number;
  /** What error_details has beside the request id: the faults in this order, a reason, or other details; absent: nothing. */
  faults?: readonly ToldFault[];
  reason?: string | RegExp;
  /** More of error_details, as it is. */
  details?: object;
}

export const PIPELINES = `${PUBLIC_BASE}/pipelines`;
export const POLICIES = `${PUBLIC_BASE}/policies`;
export const RESOURCES = `${PUBLIC_BASE}/resources?resource_type=stream_data_pipeline`;

/** The body of a create that would succeed, but for the changes. */
export function creating(changes: object): HttpRequest {
  return { method: 'POST', path: PIPELINES, body: { name: 'Fresh', use_index_base_in_data: true, ...changes } };
}

/** A preview of the pipeline that is there. */
export function previewing(body: object): HttpRequest {
  return { method: 'POST', path: `${PIPELINES}/preview`, body: { id: 'taken', ...body } };
}

export function getting(path: string): HttpRequest {
  return { method: 'GET', path };
}

/** A change of the pipeline that is there. */
export function putting(path: string, body: object): HttpRequest {
  return { method: 'PUT', path: `${PIPELINES}/${path}`, body };
}

export function granting(changes: object): HttpRequest {
  const body = { accessor: { type: 'user', id: 'bob' }, resource: '*', operations: ['operate'], ...changes };
  return { method: 'POST', path: POLICIES, body };
}

export function deleting(path: string, headers: Readonly<Record<string, string>> = {}): HttpRequest {
  return { method: 'DELETE', path, headers };
}
