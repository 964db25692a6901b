import { Injectable } from '@nestjs/common';
import type { Account } from '../../domain/pipeline.js';
import type { Listener } from '../../platform/http/listener.js';
import { ApiError, type Fault, invalidRequest } from '../errors/api-error.js';
import { parseDto } from '../http/parse-dto.js';
import { ChangeAttributesDto } from './dto/change-attributes.dto.js';
import { StatusChange } from './status-change.js';

const ATTRIBUTES = ['status', 'status_details'] as const;
type Attribute = (typeof ATTRIBUTES)[number];

export interface AttributeRequest {
  id: string;
  /** As in the path: names separated by commas. */
  fields: string;
  /** Not yet checked: what is wrong with the path comes first. */
  body: unknown;
  /** A worker's report instead of a caller's wish. */
  isReport: boolean;
  account: Account;
  listener: Listener;
  /** Versions of the pipeline that the caller is content to change; undefined: any. */
  versions: ReadonlySet<number> | undefined;
}

/** PUT attrs: the path names the attributes, the body has their values. */
@Injectable()
export class AttributeChange {
  constructor(private readonly status: StatusChange) {}

  async change({ id, fields, body: given, isReport, account, listener, versions }: AttributeRequest): Promise<void> {
    if (isReport && listener === 'public') {
      throw new ApiError('Forbidden', { reason: 'is_inner_request is for workers, on the internal port' });
    }
    const named = namedAttributes(fields);
    const body = parseDto(ChangeAttributesDto, given, 'body');
    const faults = [...missing(named, body), ...surplus(named, body), ...(isReport ? [] : wrongWish(body))];
    const [first, ...others] = faults;
    if (first) {
      throw invalidRequest([first, ...others]);
    }
    const details = body.status_details ?? undefined;
    if (isReport) {
      await this.status.report(id, { status: body.status, statusDetails: details });
    } else {
      const status = body.status === 'error' ? undefined : body.status;
      await this.status.change(id, { status, statusDetails: details, versions }, account);
    }
  }
}

function namedAttributes(fields: string): Attribute[] {
  const names = fields.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !ATTRIBUTES.includes(name as Attribute));
  if (unknown !== undefined || new Set(names).size !== names.length) {
    const fault = unknown === undefined ? 'names one twice' : `${JSON.stringify(unknown.slice(0, 40))} is not known`;
    throw invalidRequest([{ code: 'InvalidParameter.Fields', field: 'fields', fault, limit: ATTRIBUTES.join(', ') }]);
  }
  return names as Attribute[];
}

function missing(named: readonly Attribute[], body: ChangeAttributesDto): Fault[] {
  const codes = { status: 'NullParameter.Status', status_details: 'NullParameter.StatusDetails' } as const;
  return named
    .filter((field) => body[field] === undefined || body[field] === null)
    .map((field) => ({ code: codes[field], field, fault: 'is missing' }));
}

/** A value that the path does not name would be lost without a word. */
function surplus(named: readonly Attribute[], body: ChangeAttributesDto): Fault[] {
  return ATTRIBUTES.filter((field) => !named.includes(field) && body[field] !== undefined).map((field) => ({
    code: 'InvalidParameter.RequestBody',
    field,
    fault: 'is not named in the path',
  }));
}

function wrongWish({ status }: ChangeAttributesDto): Fault[] {
  return status === 'error'
    ? [{ code: 'InvalidParameter.Status', field: 'status', fault: 'is for workers only', limit: 'running, close' }]
    : [];
}
