interface DebugAnswer {
  status: number;
  body: Record<string, unknown>;
}

/** The routes below /debug of one process. */
export class DebugClient {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  get(path: string): Promise<DebugAnswer> {
    return this.request('GET', path);
  }

  async setLevel(level: string): Promise<void> {
    const answer = await this.request('PUT', '/debug/log-level', { level });
    if (answer.status !== 200) {
      throw new Error(`the log level was not changed: ${JSON.stringify(answer)}`);
    }
  }

  private async request(method: string, path: string, body?: object): Promise<DebugAnswer> {
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }
}
