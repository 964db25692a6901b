import { pino } from 'pino';
import { FirstAnswer } from './first-answer.js';

const place = { address: 'broker:9092', settings: ['mq.mqHost', 'mq.mqPort'] };

function answerOf(faults: string[]) {
  const lines: { level: number; msg: string }[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[0]) });
  const ask = () => {
    const fault = faults.shift();
    return fault === undefined ? Promise.resolve() : Promise.reject(new Error(fault));
  };
  return { answer: new FirstAnswer({ name: 'kafka', place, ask }, logger), texts: () => lines.map(({ msg }) => msg) };
}

describe('waiting for the first answer', () => {
  it('says once what is waited for, where, why and by which setting, and then that it answers', async () => {
    const { answer, texts } = answerOf(['connect ECONNREFUSED', 'connect ECONNREFUSED', 'connect ECONNREFUSED']);
    await expect(answer.wait()).resolves.toBe(true);
    expect(texts()).toEqual([
      'Waiting for kafka: connect ECONNREFUSED (at broker:9092; settings mq.mqHost, mq.mqPort)',
      'kafka answers now',
    ]);
  });

  it('says nothing of what answers at once', async () => {
    const { answer, texts } = answerOf([]);
    await expect(answer.wait()).resolves.toBe(true);
    expect(texts()).toEqual([]);
  });

  it('ends at once when it is given up', async () => {
    const { answer } = answerOf(Array.from({ length: 1000 }, () => 'connect ECONNREFUSED'));
    const waiting = answer.wait();
    answer.giveUp();
    await expect(waiting).resolves.toBe(false);
  });
});
