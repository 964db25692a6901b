import { loadConfig } from '../../config/load-config.js';
import { kafkaConnection } from './kafka-connection.js';

describe('the time that a broker may take to answer', () => {
  it.each([
    [{}, 10_000],
    [{ SDP_KAFKA_SOCKETTIMEOUTMS: '4000' }, 4000],
    [{ SDP_KAFKA_SOCKETTIMEOUTMS: '4000', SDP_KAFKA_REQUESTTIMEOUTMS: '2000' }, 2000],
  ])('is the shorter one of kafka.requestTimeoutMs and kafka.socketTimeoutMs: %j', (environment, expected) => {
    expect(kafkaConnection(loadConfig({ environment })).requestTimeoutMs).toBe(expected);
  });
});
