export const UNKNOWN: 'unknown';
export function commitOf(root: string, revision: string | undefined): string;
