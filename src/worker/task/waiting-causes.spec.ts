import { WaitingCauses } from './waiting-causes.js';

const busy = { code: 'OPENSEARCH_BUSY', text: 'OpenSearch is busy' } as const;
const silent = { code: 'OPENSEARCH_UNAVAILABLE', text: 'OpenSearch does not answer' } as const;
const away = { code: 'KAFKA_UNAVAILABLE', text: 'Kafka is away' } as const;

function start() {
  const told: string[] = [];
  return { causes: new WaitingCauses((cause) => told.push(cause?.text ?? '')), told };
}

describe('what holds a task up', () => {
  it('is told when it begins and when it ends, once', () => {
    const { causes, told } = start();
    causes.set('bulk', undefined);
    causes.set('bulk', busy);
    causes.set('bulk', busy);
    causes.set('bulk', undefined);
    causes.set('bulk', undefined);
    expect(told).toEqual(['OpenSearch is busy', '']);
  });

  it('is the oldest cause that is left; a part that moves again ends only its own', () => {
    const { causes, told } = start();
    causes.set('commit', away);
    causes.set('bulk', busy);
    causes.set('read', undefined);
    expect(told).toEqual(['Kafka is away']);
    causes.set('commit', undefined);
    expect(told).toEqual(['Kafka is away', 'OpenSearch is busy']);
    causes.set('bulk', undefined);
    expect(told.at(-1)).toBe('');
  });

  it('is told anew when the cause becomes another one', () => {
    const { causes, told } = start();
    causes.set('bulk', busy);
    causes.set('bulk', silent);
    expect(told).toEqual(['OpenSearch is busy', 'OpenSearch does not answer']);
  });
});
