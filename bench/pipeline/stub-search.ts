// An endpoint that answers `_bulk` as OpenSearch would when every document is new, and does nothing else, so that a
// pipeline's own cost shows. Run as a process of its own: node stub-search.ts <port>
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

const counts = { documents: 0 };
const created = '{"index":{"status":201}}';
const fullItem =
  '{"index":{"_index":"bench-000001","_id":"bench[0]@100000-1735689600000","_version":1,"result":"created","_shards":{"total":1,"successful":1,"failed":0},"_seq_no":1,"_primary_term":1,"status":201}}';
const answers = new Map<string, Buffer>();

function bulkAnswer(items: number, isFiltered: boolean): Buffer {
  const key = `${items}/${isFiltered}`;
  let answer = answers.get(key);
  if (!answer) {
    const list = Array.from({ length: items }, () => (isFiltered ? created : fullItem)).join(',');
    answer = Buffer.from(
      isFiltered ? `{"errors":false,"items":[${list}]}` : `{"took":30,"errors":false,"items":[${list}]}`,
    );
    answers.set(key, answer);
  }
  return answer;
}

function takeBulk(request: IncomingMessage, response: ServerResponse): void {
  let lines = 0;
  request.on('data', (chunk: Buffer) => {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) {
      lines++;
    }
  });
  request.on('end', () => {
    counts.documents += lines / 2;
    response.end(bulkAnswer(lines / 2, (request.url ?? '').includes('filter_path')));
  });
}

createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  if (request.url === '/counts') {
    response.end(JSON.stringify(counts));
  } else if (request.url?.includes('_bulk')) {
    takeBulk(request, response);
  } else {
    request.resume();
    response.end('{"version":{"distribution":"opensearch","number":"3.4.0"}}');
  }
}).listen(Number(process.argv[2]), '127.0.0.1');
