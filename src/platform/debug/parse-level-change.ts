import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { DebugError, UNKNOWN_FIELD } from './debug-error.js';
import { LogLevelChange } from './log-level.dto.js';

/** @throws DebugError that names every field at fault. */
export function parseLevelChange(body: unknown): LogLevelChange {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new DebugError('bad_body', { reason: 'it must be an object such as {"level":"debug","seconds":600}' });
  }
  const change = plainToInstance(LogLevelChange, body);
  const found = validateSync(change, { whitelist: true, forbidNonWhitelisted: true });
  const faults = found.map(({ property, constraints = {} }) => ({
    field: property,
    fault: 'whitelistValidation' in constraints ? UNKNOWN_FIELD : Object.values(constraints).join('; '),
  }));
  if (faults.length > 0) {
    throw new DebugError('bad_body', { faults });
  }
  return change;
}
