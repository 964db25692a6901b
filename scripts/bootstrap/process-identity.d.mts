export function startTimeOf(pid: number): string | undefined;
export function isSameProcess(pid: number, startTime: string): boolean;
export function startTicksOf(stat: string): string | undefined;
