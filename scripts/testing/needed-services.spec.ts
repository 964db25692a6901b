import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { neededServices } from './needed-services.ts';

describe('neededServices', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'needed-services-')), 'test');
  mkdirSync(folder);
  afterAll(() => rmSync(join(folder, '..'), { recursive: true }));

  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  file('brokers.ts', 'export const brokers = process.env.KAFKA_BROKERS;');
  file('again.ts', "import { one } from './again-too.js'; import { brokers } from './brokers.js';");
  file('again-too.ts', "import { two } from './again.js';");
  const kafka = file('kafka.spec.ts', "import { brokers } from './brokers.js';");
  const database = file('database.spec.ts', "process.env['DATABASE_URL']");
  const cycle = file('cycle.spec.ts', "import { one } from './again.js';");
  const program = file('program.spec.ts', "import { spawn } from 'node:child_process';");

  it('finds what a test asks for, also behind its imports', () => {
    expect(neededServices([kafka])).toEqual(['kafka']);
    expect(neededServices([cycle])).toEqual(['kafka']);
  });

  it('joins what several files ask for', () => {
    expect(neededServices([database, kafka])).toEqual(['kafka', 'mariadb']);
  });

  it('starts everything for a test that names no service', () => {
    expect(neededServices([kafka, program])).toEqual(['kafka', 'opensearch', 'mariadb']);
  });
});
