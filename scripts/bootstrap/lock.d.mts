export interface LockOptions {
  onWait?: ((pid: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}
export function withLock<T>(path: string, work: () => Promise<T> | T, options?: LockOptions): Promise<T>;
