import type { PreviewEntryDto, PreviewResultDto } from './dto/preview-result.dto.js';
import type { PreviewResult } from './preview-progress.js';
import type { CutBy, PreviewOutcome } from './thread/preview-outcome.js';
import type { Rejection } from '../../domain/rejection.js';

const CUT: Readonly<Record<CutBy, { code: string; reason: string }>> = {
  time: {
    code: 'TIME_LIMIT',
    reason: 'the handlers took longer than 5 s for all records: try fewer, or simpler handlers',
  },
  memory: { code: 'MEMORY_LIMIT', reason: 'the handlers took more memory than a preview may' },
  size: {
    code: 'SIZE_LIMIT',
    reason: 'the documents of the records before are as large as an answer may be: try fewer',
  },
};

/** What became of records, in the words of the API. `topic`: from which they were taken, if they were. */
export function previewView({ entries, isComplete }: PreviewResult, topic: string | undefined): PreviewResultDto {
  return {
    entries: entries.map(({ place, outcome }) => ({
      source: { ...(topic !== undefined && { topic }), ...place },
      result: outcome.result,
      ...detailsOf(outcome),
    })),
    is_complete: isComplete,
  };
}

function detailsOf(outcome: PreviewOutcome): Partial<PreviewEntryDto> {
  switch (outcome.result) {
    case 'document': {
      const { result: _result, outputTopic, ...document } = outcome;
      return { ...document, output_topic: outputTopic };
    }
    case 'rejected':
      return { error: errorOf(outcome.rejection) };
    case 'dropped':
      return { reason: outcome.reason };
    case 'skipped':
      return {};
    case 'unfinished':
      return { error: CUT[outcome.cutBy] };
  }
}

function errorOf({ code, reason, stage, handlerIndex: index }: Rejection): PreviewEntryDto['error'] {
  return {
    ...{ code, reason, stage },
    ...(index !== undefined && { handler: { index, type: stage.replace(/^handler:/, '') } }),
  };
}
