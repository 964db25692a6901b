import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Resource {
  id: string;
}

/** A remote permission service as permission.mode remote asks for one: everyone may do everything, and policies are kept. */
export class RemotePermissionService {
  /** Ids of the resources that have a policy. */
  readonly policies = new Set<string>();
  /** Statuses of the answers to deletions, in their order. */
  readonly deletions: number[] = [];
  private onPolicy: () => void = () => undefined;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { status, body } = this.answer(request.url ?? '', JSON.parse(String(Buffer.concat(chunks))) as object);
        response.statusCode = status;
        response.end(JSON.stringify(body));
      });
    });
  }

  static async start(): Promise<RemotePermissionService> {
    const service = new RemotePermissionService();
    await new Promise<void>((resolve) => service.server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  /** The settings of a program that asks this service. */
  get settings(): Record<string, string> {
    const { port } = this.server.address() as AddressInfo;
    return { SDP_PERMISSION_MODE: 'remote', SDP_PERMISSION_REMOTE_URL: `http://127.0.0.1:${port}` };
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Calls it each time when a policy is registered, before that is answered. */
  whenRegistered(act: () => void): void {
    this.onPolicy = act;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(path: string, body: object): { status: number; body: object } {
    switch (path) {
      case '/operation-check':
        return { status: 200, body: { result: true } };
      case '/resource-filter': {
        const { resources, operation } = body as { resources: Resource[]; operation: string[] };
        return { status: 200, body: { entries: resources.map(({ id }) => ({ id, operation })) } };
      }
      case '/policy':
        this.policies.add((body as { resource: Resource }).resource.id);
        this.onPolicy();
        return { status: 200, body: {} };
      case '/policy-delete':
        return { status: this.delete((body as { resources: Resource[] }).resources), body: {} };
      default:
        return { status: 400, body: {} };
    }
  }

  /** Strict: what is not there cannot be deleted. */
  private delete(resources: readonly Resource[]): number {
    const status = resources.every(({ id }) => this.policies.delete(id)) ? 200 : 404;
    this.deletions.push(status);
    return status;
  }
}
