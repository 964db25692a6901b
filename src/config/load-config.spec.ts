import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { AppConfig } from './app-config.js';
import { brokersOf } from './brokers.js';
import { loadConfig, loadConfigWithWarnings } from './load-config.js';
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

describe('the settings file of the service that this one replaces', () => {
  const folder = mkdtempSync(join(tmpdir(), 'settings-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is accepted unchanged, with a warning of its plain password', () => {
    const overlayFile = join(folder, 'pipeline-config.yaml');
    writeFileSync(
      overlayFile,
      `server:
  httpPort: 13012            # 服务端口
  flushMiB: 5               # 批量写入大小限制
  flushItems: 10000         # 批量写入条数限制
  flushIntervalSec: 3       # 批量写入间隔时间
  failureThreshold: 10      # 失败阈值
  watchWorkersIntervalMin: 5  # 自动恢复异常任务间隔

kafka:
  sessionTimeoutMs: 45000    # 会话超时时间
  socketTimeoutMs: 60000     # 套接字超时时间
  maxPollIntervalMs: 300000  # 最大轮询间隔
  autoOffsetReset: earliest  # 自动偏移量重置策略

mq:
  mqHost: kafka-headless.resource.svc.cluster.local.  # Kafka主机
  mqPort: 9097              # Kafka端口
  username: anyrobot        # 用户名
  password: xxxxxx   # 密码

log:
  logLevel: info
  developMode: false
  maxAge: 100
  maxBackups: 20
  maxSize: 100
`,
    );
    const { config, warnings } = loadConfigWithWarnings({ overlayFile, environment: {} });
    expect(brokersOf(config.mq)).toEqual(['kafka-headless.resource.svc.cluster.local.:9097']);
    expect(config.mq).toMatchObject({ username: 'anyrobot', password: 'xxxxxx' });
    expect(config).toMatchObject({
      server: { httpPort: 13012, flushMiB: 5, flushItems: 10000, flushIntervalSec: 3, failureThreshold: 10 },
      kafka: {
        sessionTimeoutMs: 45000,
        socketTimeoutMs: 60000,
        maxPollIntervalMs: 300000,
        autoOffsetReset: 'earliest',
      },
      log: { logLevel: 'info', developMode: false, maxAge: 100, maxBackups: 20, maxSize: 100 },
    });
    expect(warnings.map(({ path, origin }) => ({ path, origin }))).toEqual([
      { path: 'mq.password', origin: `${overlayFile} line 19` },
    ]);
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
