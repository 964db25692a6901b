import type { HandlerType } from '../handler-type.js';
import { refused } from '../record-fault.js';
import { clipped } from '../shown-text.js';
import { TextTemplate } from '../text-template.js';

interface RejectOptions {
  reason: string;
}

const MAX_REASON_CHARACTERS = 1000;

/** Sends the record to the error topic, with a reason of the owner's. */
export const rejectHandler: HandlerType<RejectOptions> = {
  type: 'reject',
  description: 'Sends the record to the error topic, with this reason. Give it a `when`',
  options: {
    reason: {
      ...{ type: 'string', minLength: 1, maxLength: MAX_REASON_CHARACTERS },
      description:
        'The reason. {field} stands for the value of a field, nothing when there is none; {{ and }} are braces',
      example: 'no tenant: {message}',
    },
  },
  required: ['reason'],
  example: {
    options: { reason: 'status {http.status} is unknown', when: { field: 'http.status', in: [0, 999] } },
    before: '{"http":{"status":999}}',
    after: 'rejected: handlers[0] (reject): status 999 is unknown',
  },
  compile: ({ reason }) => {
    const template = new TextTemplate('reason', reason);
    return (record) => refused(clipped(template.describe(record, MAX_REASON_CHARACTERS), MAX_REASON_CHARACTERS));
  },
};
