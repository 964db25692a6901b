import { JsonScanner, Scan } from '../../document/ensure/json-scanner.js';
import { REJECTION_CODES } from '../../domain/rejection.js';
import type { Fault } from '../errors/api-error.js';
import { isObject, type MemberFault, memberFaults, type MemberRule, textRule } from '../http/member-rules.js';
import {
  MAX_DOCUMENT_CHARACTERS,
  MAX_EXPECTED_CHARACTERS,
  MAX_TEST_NAME_CHARACTERS,
  MAX_VALUE_CHARACTERS,
} from './test-limits.js';
import { recordFaults } from './written-record.js';

const OUTCOMES = 'document (or index, id, routing), rejected, dropped or skipped';
const anything: MemberRule = { isKept: () => true, fault: '' };
const onlyTrue: MemberRule = { isKept: (value) => value === true, fault: 'must be true, or left out', limit: 'true' };

const testRules = { name: textRule(MAX_TEST_NAME_CHARACTERS, 1), record: anything, expect: anything };
const expectationRules = {
  document: {
    isKept: (value: unknown) =>
      typeof value === 'string' && value.length <= MAX_DOCUMENT_CHARACTERS && isJsonObject(value),
    fault: 'is not the text of a JSON object',
    limit: `at most ${MAX_DOCUMENT_CHARACTERS} characters and 200 levels`,
  },
  index: textRule(MAX_EXPECTED_CHARACTERS, 1),
  id: textRule(MAX_EXPECTED_CHARACTERS, 1),
  routing: textRule(MAX_EXPECTED_CHARACTERS),
  rejected: anything,
  dropped: onlyTrue,
  skipped: onlyTrue,
};
const rejectionRules = {
  code: {
    isKept: (value: unknown) => typeof value === 'string' && Object.hasOwn(REJECTION_CODES, value),
    fault: 'is not the code of a rejection',
    limit: Object.keys(REJECTION_CODES).join(', '),
  },
  reason: textRule(MAX_EXPECTED_CHARACTERS),
};

/** Everything that keeps a list of tests from being run. */
export function testFaults(tests?: readonly unknown[] | null): Fault[] {
  return (tests ?? [])
    .flatMap((test, at) => faultsOf(test, `tests[${at}]`))
    .map((fault) => ({ code: 'InvalidParameter.Tests', ...fault }));
}

function faultsOf(test: unknown, field: string): MemberFault[] {
  const faults = memberFaults(test, field, testRules);
  if (!isObject(test)) {
    return faults;
  }
  const missing = Object.keys(testRules).filter((name) => (test[name] ?? null) === null);
  return [
    ...faults,
    ...missing.map((name) => ({ field: `${field}.${name}`, fault: 'is missing' })),
    ...(missing.includes('record') ? [] : recordFaults(test['record'], `${field}.record`, MAX_VALUE_CHARACTERS)),
    ...(missing.includes('expect') ? [] : expectationFaults(test['expect'], `${field}.expect`)),
  ];
}

function expectationFaults(expect: unknown, field: string): MemberFault[] {
  const faults = memberFaults(expect, field, expectationRules);
  if (faults.length > 0 || !isObject(expect)) {
    return faults;
  }
  const given = Object.keys(expect).filter((name) => expect[name] !== null);
  const outcomes = new Set(given.map((name) => (['index', 'id', 'routing'].includes(name) ? 'document' : name)));
  if (outcomes.size !== 1) {
    return [{ field, fault: `says ${outcomes.size === 0 ? 'nothing' : 'too much'}`, limit: `one of ${OUTCOMES}` }];
  }
  return outcomes.has('rejected') ? memberFaults(expect['rejected'], `${field}.rejected`, rejectionRules) : [];
}

function isJsonObject(text: string): boolean {
  const bytes = Buffer.from(text);
  return text.isWellFormed() && new JsonScanner().scan(bytes, 0, bytes.length) === Scan.ok;
}
