import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { AppConfig } from './app-config.js';
import { loadConfig } from './load-config.js';
import { printConfig } from './print-config.js';
import { SETTINGS } from './settings.js';
import { parseSettings } from './settings-file.js';

const defaultsFile = new URL('../../config/default.yaml', import.meta.url);

describe('config/default.yaml', () => {
  it('says every setting with the default of the schema', () => {
    const layer = parseSettings(readFileSync(defaultsFile, 'utf8'), 'config/default.yaml');
    expect(layer.faults).toEqual([]);
    const said = Object.fromEntries([...layer.values].map(([path, { value }]) => [path, value]));
    expect(said).toEqual(Object.fromEntries([...SETTINGS.values()].map((setting) => [setting.path, setting.default])));
  });
});

describe('loading', () => {
  it('finds its defaults wherever it is started', () => {
    expect(loadConfig({ environment: {} })).toEqual(new AppConfig());
  });

  it('reports a file that is not there', () => {
    expect(() => loadConfig({ overlayFile: 'nowhere.yaml', environment: {} })).toThrow(
      'nowhere.yaml: cannot be read: no such file',
    );
  });
});

describe('settings that do not fit together', () => {
  it('name the source that moved one of them, not the defaults', () => {
    expect(() => loadConfig({ environment: { SDP_MQ_PASSWORD: 'hunter2' } })).toThrow(
      'mq.username = "": must be given, since mq.password is (SDP_MQ_PASSWORD)',
    );
  });
});

describe('printing', () => {
  it('masks the secrets that are set and loads again', () => {
    const config = loadConfig({
      environment: {
        SDP_MQ_USERNAME: 'me',
        SDP_MQ_PASSWORD: 'hunter2',
        SDP_INDEXBASE_BASES: '[{"base_type":"cpu","data_type":"cpu"}]',
      },
    });
    const printed = printConfig(config);
    expect(printed).not.toContain('hunter2');
    expect(parse(printed)).toMatchObject({
      mq: { username: 'me', password: '******' },
      database: { password: '' },
      indexBase: { bases: [{ base_type: 'cpu', data_type: 'cpu', category: 'log' }] },
    });
    expect(parseSettings(printed, 'printed').faults).toEqual([]);
  });
});
