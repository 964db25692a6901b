export interface LockFile {
  packages?: Record<string, { version?: string; integrity?: string; optional?: boolean }>;
}
export function install(root: string, print: (line: string) => void): Promise<string | undefined>;
export function isSameTree(wanted: LockFile, present: LockFile): boolean;
