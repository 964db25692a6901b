import { TopicNames } from './topic-names.js';

const templates = {
  tenant: 'default',
  input: '<tenant>.sdp.<id>.input',
  error: '<tenant>.sdp.<id>.error',
  output: '<tenant>.mdl.process.<index_base>',
  control: '<tenant>.sdp.control',
  status: '<tenant>.sdp.status',
  group: '<tenant>.sdp.<id>',
};

describe('names in Kafka', () => {
  it('are filled into their templates', () => {
    const names = new TopicNames(templates);
    expect(names.input('shop-logs')).toBe('default.sdp.shop-logs.input');
    expect(names.error('shop-logs')).toBe('default.sdp.shop-logs.error');
    expect(names.output('web')).toBe('default.mdl.process.web');
    expect(names.control()).toBe('default.sdp.control');
    expect(names.status()).toBe('default.sdp.status');
    expect(names.group('shop-logs')).toBe('default.sdp.shop-logs');
  });

  it('keep installations of one Kafka apart', () => {
    const here = new TopicNames({ ...templates, tenant: 'here' });
    const there = new TopicNames({ ...templates, tenant: 'there' });
    expect(here.transactionalId('p', 0)).not.toBe(there.transactionalId('p', 0));
    expect(here.placementGroup()).not.toBe(there.placementGroup());
    expect(here.reportGroup()).not.toBe(there.reportGroup());
  });

  it('give each task a transactional id of its own, always the same', () => {
    const names = new TopicNames(templates);
    const ids = ['a', 'a-1', 'b'].flatMap((id) => [0, 1, 10].map((index) => names.transactionalId(id, index)));
    expect(new Set(ids).size).toBe(ids.length);
    expect(names.transactionalId('a', 1)).toBe(new TopicNames(templates).transactionalId('a', 1));
  });

  it('take each placeholder wherever it stands, as often as it stands there', () => {
    const names = new TopicNames({ ...templates, input: '<id>.<tenant>.<id>' });
    expect(names.input('x')).toBe('x.default.x');
  });
});
