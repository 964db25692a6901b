import { CodedError } from '../../../domain/coded-error.js';
import { cutReason, headersOf, originTexts, truncateValue, truncationHeader } from '../commit/rejected-record.js';
import type { OutgoingRecord } from '../wire/record-batch.js';
import { encodeHeaders } from '../wire/record-headers.js';
import type { KafkaMessage } from './kafka-message.js';

/** Makes the error record of a failed message: its key, value and headers, and further headers that say why it is there. */
export class ErrorRecords {
  constructor(readonly topic: string) {}

  recordOf(message: KafkaMessage, error: Error, isBug: boolean): OutgoingRecord {
    const own = message.headers.map(([name, value]) => [Buffer.from(name), value] as const);
    const nowMs = Date.now();
    const reason = cutReason(error.message);
    const added = headersOf([
      ['__error_code', codeOf(error)],
      ['__error_reason', reason],
      ['__error_is_bug', isBug ? true : undefined],
      ['__error_time', nowMs],
      ...originTexts(message, reason),
    ]);
    return {
      timestamp: nowMs,
      key: message.key,
      value: message.value,
      headers: encodeHeaders(own),
      moreHeaders: encodeHeaders(added),
      headerCount: own.length + added.length,
    };
  }
}

/** The same record with less of its value. */
export function truncatedRecord(record: OutgoingRecord): OutgoingRecord {
  const more = encodeHeaders([truncationHeader(record.value)]);
  return {
    ...record,
    value: truncateValue(record.value),
    moreHeaders: Buffer.concat([record.moreHeaders ?? Buffer.alloc(0), more]),
    headerCount: record.headerCount + 1,
  };
}

/** The stable code of a failure where it has one, else the name of its class. */
function codeOf(error: Error): string {
  const { code } = error as { code?: unknown };
  return error instanceof CodedError || typeof code === 'string' ? String(code) : error.name;
}
