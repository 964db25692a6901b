import { pino } from 'pino';
import { assemble } from '../../src/app/assemble.ts';
import { AppConfig } from '../../src/config/app-config.ts';
import { apiDocument } from '../../src/mgmt/http/api-document.ts';

/** The text of docs/openapi.json: the API as the program serves it, with every route there may be and the default limits. */
export async function apiDocumentFile(): Promise<string> {
  // The routes below /debug are there only with a token.
  const config: AppConfig = { ...new AppConfig(), debug: { token: 'documented', failPoints: [] } };
  const { app } = await assemble({ config, role: 'mgmt' }, pino({ level: 'silent' }));
  try {
    return JSON.stringify(apiDocument(app, config), undefined, 2);
  } finally {
    await app.close();
  }
}
