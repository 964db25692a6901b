import type { PipelineEvent } from './pipeline-model.js';
import type { CallAnswer, CallBody, PipelineCall } from './pipeline-call.js';
import type { TimedEvent } from './sequential-order.js';

type Timed = TimedEvent<PipelineEvent>;

export interface AnsweredCall {
  call: PipelineCall;
  answer: CallAnswer;
  /** Of the calls that said which version they expect. */
  version: number;
  from: number;
  to: number;
}

const REFUSALS: Readonly<Record<string, 'taken' | 'not found' | 'deleting' | 'closed' | 'running'>> = {
  '403 Duplicated.PipelineID': 'taken',
  '404 NotFound.Pipeline': 'not found',
  '409 Conflict.PipelineDeleting': 'deleting',
  '409 Conflict.PipelineClosed': 'closed',
  '409 Conflict.PipelineRunning': 'running',
};

/** The version in an ETag. */
export function versionIn(answer: CallAnswer): number | undefined {
  const etag = /^"(\d+)-/.exec(answer?.headers.get('etag') ?? '');
  return etag ? Number(etag[1]) : undefined;
}

/** True when the answer leaves open whether, and when, the call took effect. */
export function isUnknown({ answer }: AnsweredCall): boolean {
  return answer === undefined || answer.status === 503;
}

/** What the answer to a call says that has happened. Throws for an answer that no call should get. */
export function eventsOf(answered: AnsweredCall): Timed[] {
  const { answer, from, to, version } = answered;
  if (answer === undefined || isUnknown(answered)) {
    return unknownEvents(answered);
  }
  const timed = (event: PipelineEvent): Timed => ({ event, from, to, isOptional: false });
  const code = `${answer.status} ${answer.body.error_code?.replace('StreamDataPipeline.', '') ?? ''}`.trim();
  const refusal = REFUSALS[code];
  if (refusal !== undefined) {
    return [timed({ kind: refusal })];
  }
  if (code === '412 PreconditionFailed.Version') {
    return [timed({ kind: 'other version', ifMatch: version })];
  }
  if (!answer.status.toString().startsWith('2')) {
    throw new Error(`${answered.call.kind} was answered with ${code}: ${JSON.stringify(answer.body)}`);
  }
  return successEvents(answered, answer.body, timed);
}

function successEvents(answered: AnsweredCall, body: CallBody, timed: (event: PipelineEvent) => Timed): Timed[] {
  const { call, answer, from } = answered;
  switch (call.kind) {
    case 'get':
      return [timed(read(body, versionIn(answer)))];
    case 'list': {
      const entry = body.entries?.find(({ id }) => id === call.id);
      return [timed(entry ? read(entry, undefined) : { kind: 'not found' })];
    }
    case 'rights':
      return [timed({ kind: 'read rights', accounts: (body.entries ?? []).map(({ accessor }) => accessor.id) })];
    case 'delete':
    case 'deleteForced': {
      const marked = timed({ kind: 'marked' });
      const removed = timed({ kind: 'removed' });
      // It goes on after a 202, until somebody has seen it through.
      const later = answer?.status === 202 ? { from, to: Infinity, isOptional: true } : {};
      return [marked, { ...removed, ...later, after: marked }];
    }
    case 'create': {
      const made = { create: call.n, comment: String(call.n) };
      const reserved = timed({ kind: 'reserved', ...made });
      return [reserved, { ...timed({ kind: 'published', ...made }), after: reserved }];
    }
    default:
      return changeOf(answered).map(timed);
  }
}

function unknownEvents(answered: AnsweredCall): Timed[] {
  const { call, from } = answered;
  const perhaps = (event: PipelineEvent, after?: Timed): Timed => ({
    ...{ event, from, to: Infinity, isOptional: true },
    ...(after && { after }),
  });
  switch (call.kind) {
    case 'create': {
      const made = { create: call.n, comment: String(call.n) };
      const reserved = perhaps({ kind: 'reserved', ...made });
      return [
        reserved,
        perhaps({ kind: 'published', ...made }, reserved),
        perhaps({ kind: 'undone', ...made }, reserved),
      ];
    }
    case 'delete':
    case 'deleteForced': {
      const marked = perhaps({ kind: 'marked' });
      return [marked, perhaps({ kind: 'removed' }, marked)];
    }
    default:
      return changeOf(answered).map((event) => perhaps(event));
  }
}

/** Empty for calls that only read. */
function changeOf({ call: { kind, n, account }, version }: AnsweredCall): PipelineEvent[] {
  switch (kind) {
    case 'update':
    case 'updateIfMatch':
      return [{ kind: 'replaced', comment: String(n), ifMatch: kind === 'updateIfMatch' ? version : undefined }];
    case 'start':
      return [{ kind: 'wanted', desired: 'running' }];
    case 'stop':
      return [{ kind: 'wanted', desired: 'close' }];
    case 'restart':
      return [{ kind: 'restarted' }];
    case 'grant':
      return [{ kind: 'granted', account }];
    case 'revoke':
      return [{ kind: 'revoked', account }];
    case 'get':
    case 'list':
    case 'rights':
    case 'create':
    case 'delete':
    case 'deleteForced':
      return [];
  }
}

function read({ comment = '', status = '' }: CallBody, version: number | undefined): PipelineEvent {
  return { kind: 'read', comment, status, version };
}
