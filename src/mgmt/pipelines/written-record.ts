import type { WrittenRecord } from '../../domain/pipeline-test.js';
import {
  isObject,
  type MemberFault,
  memberFaults,
  type MemberRule,
  textRule,
  wholeRule,
} from '../http/member-rules.js';
import type { PreviewedRecord } from '../preview/thread/preview-job.js';

export const MAX_PARTITION = 2_147_483_647;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const rules = (maxCharacters: number): Record<string, MemberRule> => ({
  value: textRule(maxCharacters),
  value_base64: {
    isKept: (value) => typeof value === 'string' && value.length <= maxCharacters && BASE64.test(value),
    fault: 'is not base64',
    limit:
      maxCharacters === Infinity ? 'base64 with padding' : `base64 with padding, at most ${maxCharacters} characters`,
  },
  partition: wholeRule(0, MAX_PARTITION),
  offset: wholeRule(0, Number.MAX_SAFE_INTEGER),
  timestamp: wholeRule(0, Number.MAX_SAFE_INTEGER),
});

/** What is wrong with a record that a caller has written down; `maxCharacters` bounds its value. */
export function recordFaults(record: unknown, field: string, maxCharacters = Infinity): MemberFault[] {
  const faults = memberFaults(record, field, rules(maxCharacters));
  if (faults.length > 0 || !isObject(record)) {
    return faults;
  }
  const given = [record['value'] !== undefined, (record['value_base64'] ?? null) !== null].filter(Boolean).length;
  return given === 1
    ? []
    : [{ field, fault: 'needs one of value and value_base64', limit: 'value null is a record without a value' }];
}

/** The record as a worker would read it, from where it says or else from where `place` says. */
export function recordOf(
  { value, value_base64: base64, partition, offset, timestamp }: WrittenRecord,
  place: Pick<PreviewedRecord, 'partition' | 'offset' | 'timestamp'>,
): PreviewedRecord {
  const text = value ?? null;
  const given = text === null ? null : Buffer.from(text);
  return {
    partition: partition ?? place.partition,
    offset: offset ?? place.offset,
    timestamp: timestamp ?? place.timestamp,
    value: (base64 ?? null) === null ? given : Buffer.from(base64 as string, 'base64'),
    extraBytes: 0,
  };
}
