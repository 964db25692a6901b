import { createServer } from 'node:http';
import request from 'supertest';
import { LateHandler } from './late-handler.js';

describe('requests that come while the program is loaded', () => {
  it('are told that it lives, and else wait for it', async () => {
    const late = new LateHandler();
    const http = request(createServer(late.handle).listen(0, '127.0.0.1'));
    const seen: string[] = [];
    const waiting = http.get('/health/ready').then(({ text }) => seen.push(text));

    await http.get('/health/live').expect(200, { status: 'alive' });
    await http.get('/api/flow-stream-data-pipeline/v1/health/live').expect(200, { status: 'alive' });
    expect(seen).toEqual([]);
    late.use((_, response) => response.end('the program'));

    await waiting;
    expect(seen).toEqual(['the program']);
    expect((await http.get('/health/live')).text).toBe('the program');
  });
});
