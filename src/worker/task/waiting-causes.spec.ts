import { WaitingCauses } from './waiting-causes.js';

function start() {
  const told: string[] = [];
  return { causes: new WaitingCauses((cause) => told.push(cause)), told };
}

describe('what holds a task up', () => {
  it('is told when it begins and when it ends, once', () => {
    const { causes, told } = start();
    causes.set('bulk', '');
    causes.set('bulk', 'OpenSearch is busy');
    causes.set('bulk', 'OpenSearch is busy');
    causes.set('bulk', '');
    causes.set('bulk', '');
    expect(told).toEqual(['OpenSearch is busy', '']);
  });

  it('is the oldest cause that is left; a part that moves again ends only its own', () => {
    const { causes, told } = start();
    causes.set('commit', 'Kafka is away');
    causes.set('bulk', 'OpenSearch is busy');
    causes.set('read', '');
    expect(told).toEqual(['Kafka is away']);
    causes.set('commit', '');
    expect(told).toEqual(['Kafka is away', 'OpenSearch is busy']);
    causes.set('bulk', '');
    expect(told.at(-1)).toBe('');
  });

  it('is told anew when the cause becomes another one', () => {
    const { causes, told } = start();
    causes.set('bulk', 'OpenSearch is busy');
    causes.set('bulk', 'OpenSearch does not answer');
    expect(told).toEqual(['OpenSearch is busy', 'OpenSearch does not answer']);
  });
});
