export function withLock<T>(path: string, work: () => Promise<T> | T, onWait?: (pid: number) => void): Promise<T>;
