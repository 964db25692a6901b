import { ChangeBarrier } from './change-barrier.js';

const orders = (index: number) => ({ pipelineId: 'orders', index });

describe('the barrier of a change', () => {
  it('holds a task until those of its pipeline that drain have drained', async () => {
    const barrier = new ChangeBarrier();
    const order: string[] = [];
    [orders(0), orders(1), orders(2)].forEach((task) => barrier.enter(task));
    barrier.leave(orders(0));
    const passed = barrier.passed(orders(0)).then(() => order.push('0 starts'));
    order.push('1 has drained');
    barrier.leave(orders(1));
    await Promise.resolve();
    order.push('2 has drained');
    barrier.leave(orders(2));
    await passed;
    expect(order).toEqual(['1 has drained', '2 has drained', '0 starts']);
  });

  it('is open when nobody drains, and for other pipelines', async () => {
    const barrier = new ChangeBarrier();
    barrier.enter(orders(0));
    barrier.leave(orders(1));
    await expect(barrier.passed({ pipelineId: 'payments', index: 0 })).resolves.toBeUndefined();
    barrier.leave(orders(0));
    await expect(barrier.passed(orders(0))).resolves.toBeUndefined();
  });

  it('lets nobody wait for one that drains again for a later change', async () => {
    const barrier = new ChangeBarrier();
    [orders(0), orders(1)].forEach((task) => barrier.enter(task));
    barrier.leave(orders(0));
    const first = barrier.passed(orders(0));
    barrier.leave(orders(1));
    barrier.enter(orders(1));
    await expect(first).resolves.toBeUndefined();
  });
});
