import { Membership } from './membership.js';

describe('Membership', () => {
  const start = () => {
    const clock = { ms: 0 };
    const membership = new Membership(6000, 60_000, () => clock.ms);
    return { clock, membership };
  };

  it('is lost, once, when the session time-out passes without a heartbeat', () => {
    const { clock, membership } = start();
    membership.joined('m1');
    clock.ms = 5000;
    membership.heartbeat();
    clock.ms = 11_000;
    expect(membership.takeLoss()).toBe(false);

    clock.ms = 11_001;
    expect(membership.takeLoss()).toBe(true);
    expect(membership.takeLoss()).toBe(false);
  });

  it('is not lost while the coordinator holds the answer to a join', () => {
    const { clock, membership } = start();
    membership.joined('m1');
    membership.joining();
    clock.ms = 65_000;
    expect(membership.takeLoss()).toBe(false);

    clock.ms = 66_001;
    expect(membership.takeLoss()).toBe(true);
  });

  it('is lost after a crash only when nobody came back within the session', () => {
    const { clock, membership } = start();
    membership.joined('m1');
    membership.away();
    clock.ms = 5000;
    membership.joining();
    clock.ms = 20_000;

    expect(membership.takeLoss()).toBe(false);
    expect(membership.memberId).toBe('m1');
  });

  it('asks for a new client when a loss was told, for it could be taken for a member still', () => {
    const { clock, membership } = start();
    membership.joined('m1');
    expect(membership.isStuck()).toBe(false);
    clock.ms = 6001;
    membership.takeLoss();

    expect(membership.isStuck()).toBe(true);
    membership.away();
    expect(membership.isStuck()).toBe(false);
  });

  it('asks for a new client when a join is never answered', () => {
    const { clock, membership } = start();
    membership.joining();
    clock.ms = 76_000;
    expect(membership.isStuck()).toBe(false);

    clock.ms = 76_001;
    expect(membership.isStuck()).toBe(true);
  });
});
