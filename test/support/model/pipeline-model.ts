import type { SequentialModel } from './sequential-order.js';

/** What an answer says that has happened to a pipeline. */
export type PipelineChange =
  | { kind: 'reserved' | 'published' | 'undone'; create: number; comment: string }
  | { kind: 'replaced'; comment: string; ifMatch: number | undefined }
  | { kind: 'wanted'; desired: 'running' | 'close' }
  | { kind: 'restarted' }
  | { kind: 'granted'; account: string }
  | { kind: 'revoked'; account: string }
  | { kind: 'marked' | 'removed' };

/** What an answer says of how it was. */
export type PipelineSight =
  | { kind: 'read'; comment: string; status: string; version: number | undefined }
  | { kind: 'read rights'; accounts: readonly string[] }
  | { kind: 'taken' | 'not found' | 'deleting' | 'closed' | 'running' }
  | { kind: 'other version'; ifMatch: number };

export type PipelineEvent = PipelineChange | PipelineSight;

export interface PipelineState {
  phase: 'absent' | 'reserved' | 'visible' | 'deleting';
  /** Number of the create that made it. */
  create: number;
  comment: string;
  desired: 'running' | 'close';
  /** Undefined as long as nobody has read what the last change gave it. */
  version: number | undefined;
  /** No change gets this version or a lower one. */
  lastVersion: number;
  /** Accounts with a right to it. */
  accounts: readonly string[];
}

const nothing: PipelineState = {
  phase: 'absent',
  ...{ create: -1, comment: '', desired: 'running', version: undefined, lastVersion: 0, accounts: [] },
};

/** One pipeline as callers see it, when one thing happens after another. */
export const pipelineModel: SequentialModel<PipelineState, PipelineEvent> = {
  initial: nothing,
  step: (state, event) => [...following(state, event)],
};

function* following(state: PipelineState, event: PipelineEvent): Generator<PipelineState> {
  switch (event.kind) {
    case 'read':
      if (isSeen(state, event)) yield { ...state, version: event.version ?? state.version };
      return;
    case 'read rights':
    case 'taken':
    case 'not found':
    case 'deleting':
    case 'closed':
    case 'running':
    case 'other version':
      if (isSeen(state, event)) yield state;
      return;
    case 'removed':
      // Somebody else may have done it, and another pipeline be there.
      yield state.phase === 'deleting' ? gone(state) : state;
      return;
    case 'revoked':
      yield { ...state, accounts: state.accounts.filter((account) => account !== event.account) };
      return;
    case 'reserved':
      if (state.phase === 'absent') yield { ...state, phase: 'reserved', create: event.create };
      return;
    case 'published':
      if (isReservedBy(state, event)) yield { ...state, phase: 'visible', comment: event.comment };
      return;
    case 'undone':
      if (isReservedBy(state, event)) yield gone(state);
      return;
    case 'marked':
      if (state.phase === 'deleting') yield state;
      if (state.phase === 'visible') yield { ...changed(state), phase: 'deleting' };
      return;
    case 'replaced':
    case 'wanted':
    case 'restarted':
    case 'granted':
      if (state.phase === 'visible') yield* changes(state, event);
  }
}

function* changes(
  state: PipelineState,
  event: Extract<PipelineChange, { kind: 'replaced' | 'wanted' | 'restarted' | 'granted' }>,
): Generator<PipelineState> {
  switch (event.kind) {
    case 'replaced':
      if ([undefined, state.version].includes(event.ifMatch)) yield changed({ ...state, comment: event.comment });
      return;
    case 'wanted':
      yield changed({ ...state, desired: event.desired });
      // What is wanted already changes nothing, unless its tasks were missed meanwhile.
      if (state.desired === event.desired) yield state;
      return;
    case 'restarted':
      if (state.desired === 'running') yield changed(state);
      return;
    case 'granted':
      yield { ...state, accounts: [...new Set([...state.accounts, event.account])].toSorted() };
  }
}

function isSeen(state: PipelineState, event: PipelineSight): boolean {
  const isOpen = state.phase === 'visible';
  const isVisible = isOpen || state.phase === 'deleting';
  switch (event.kind) {
    case 'read':
      return isVisible && fits(state, event);
    case 'read rights':
      return hasRights(state, event.accounts);
    case 'taken':
      return state.phase !== 'absent';
    case 'not found':
      return !isVisible;
    case 'deleting':
      return state.phase === 'deleting';
    case 'closed':
      return isOpen && state.desired === 'close';
    case 'running':
      return isOpen && state.desired === 'running';
    case 'other version':
      return isOpen && state.version !== event.ifMatch;
  }
}

/** A change gives it a version that nobody has read yet. */
function changed(state: PipelineState): PipelineState {
  return { ...state, version: undefined, lastVersion: Math.max(state.lastVersion, state.version ?? 0) };
}

function gone(state: PipelineState): PipelineState {
  return { ...nothing, lastVersion: changed(state).lastVersion };
}

function isReservedBy(state: PipelineState, { create }: { create: number }): boolean {
  return state.phase === 'reserved' && state.create === create;
}

/** Without workers a pipeline that should run is in error after a while. */
function fits(
  state: PipelineState,
  { comment, status, version }: { comment: string; status: string; version: number | undefined },
): boolean {
  const statuses =
    state.phase === 'deleting' ? ['deleting'] : state.desired === 'running' ? ['running', 'error'] : ['close'];
  const isItsVersion =
    version === undefined || (state.version === undefined ? version > state.lastVersion : version === state.version);
  return comment === state.comment && statuses.includes(status) && isItsVersion;
}

/** They go in the course of a deletion. */
function hasRights({ phase, accounts }: PipelineState, found: readonly string[]): boolean {
  return String(found) === String(accounts) || (phase === 'deleting' && found.length === 0);
}
