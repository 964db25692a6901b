import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePorts } from '../../sandbox/ports.js';
import { runToEnd } from '../support/run-to-end.js';
import { quotedTexts } from '../support/troubleshooting-guide.js';

/** Waits for Kafka all the while. */
const freePorts = async () => {
  const { http, internal, none } = await choosePorts(['http', 'internal', 'none'], {}, []);
  return {
    SDP_SERVER_HTTPPORT: String(http),
    SDP_SERVER_INTERNALHTTPPORT: String(internal),
    SDP_MQ_MQPORT: String(none),
  };
};

describe('the program ends', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'exit-codes-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([['--help'], ['--version'], ['--check-config']])('with 0 after %s', async (option) => {
    expect(await runToEnd([option])).toMatchObject({ code: 0, err: '' });
  });

  it('with 2 and every fault in a line of its own when settings are wrong', async () => {
    const { code, out, err } = await runToEnd(['--role', 'worker'], {
      SDP_SERVER_HTTPPORT: '70000',
      SDP_KAFKA_SESIONTIMEOUTMS: '1',
    });

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^server\.httpPort = 70000: .+$/m);
    expect(err).toMatch(/^SDP_KAFKA_SESIONTIMEOUTMS: .+ SDP_KAFKA_SESSIONTIMEOUTMS\b.+$/m);
    expect(err).not.toMatch(/^ +at /m);
  });

  it.each([
    ['that is not there', 'nowhere.yaml', undefined],
    ['that is a folder', '.', undefined],
    ['that is no YAML', 'broken.yaml', 'server: {'],
  ])('with 2 and the name of a configuration %s', async (_, name, content) => {
    const file = join(folder, name);
    if (content !== undefined) {
      writeFileSync(file, content);
    }
    const { code, err } = await runToEnd(['--config', file]);

    expect(code).toBe(2);
    expect(err).toContain(name === '.' ? folder : name);
    expect(err).not.toMatch(/^ +at /m);
  });

  it('with 2 when it is called wrongly', async () => {
    expect(await runToEnd(['--role', 'boss'])).toMatchObject({ code: 2, err: expect.stringContaining('--help') });
  });

  it.each([
    ['server.httpPort', 'SDP_SERVER_HTTPPORT'],
    ['server.internalHttpPort', 'SDP_SERVER_INTERNALHTTPPORT'],
  ])('with 1 and the setting when the port of %s is in use', async (setting, variable) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      const { code, out } = await runToEnd([], { ...(await freePorts()), [variable]: String(port) });

      expect(code).toBe(1);
      const [text] = quotedTexts('Port in use');
      expect(out).toMatch(text ?? /$^/);
      expect(out).toContain(`${setting}: port ${port} of 127.0.0.1`);
    } finally {
      other.close();
    }
  });

  it('with 1 and a line in the log after an exception that nobody caught', async () => {
    const fault = `setTimeout(() => { throw new Error('unforeseen') }, 1000)`;
    const { code, out } = await runToEnd(['--role', 'worker'], {
      ...(await freePorts()),
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(fault)}`,
    });

    expect(code).toBe(1);
    const last = out.trimEnd().split('\n').at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({
      level: 'fatal',
      msg: 'Uncaught exception',
      err: { message: 'unforeseen' },
    });
  });
});
