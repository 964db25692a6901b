export function findPinnedNode(root: string): { path: string } | { path: undefined; advice: string };
export function isNewEnough(version: string): boolean;
