import { jest } from '@jest/globals';

// Above the deadlines of the waits inside a test, which say more than a time-out does. A project has no setting for it.
jest.setTimeout(180_000);
