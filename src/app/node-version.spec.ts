import { nodeFault } from './node-version.js';

describe('nodeFault', () => {
  it('names the version that is needed to who has an older one', () => {
    expect(nodeFault('20.20.2')).toMatch(/^Node 20\.20\.2 is too old: .* Node 22 or newer\./);
  });

  it.each(['22.0.0', '24.21.0', '100.1.0'])('is content with %s', (version) => {
    expect(nodeFault(version)).toBeUndefined();
  });
});
