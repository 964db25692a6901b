export interface ErrorText {
  /** What is wrong. */
  description: string;
  /** What to do about it. */
  solution: string;
}

export interface ErrorEntry {
  status: number;
  'en-US': ErrorText;
  'zh-CN': ErrorText;
}

/** One line of the registry. */
export function entry(status: number, en: readonly [string, string], zh: readonly [string, string]): ErrorEntry {
  return {
    status,
    'en-US': { description: en[0], solution: en[1] },
    'zh-CN': { description: zh[0], solution: zh[1] },
  };
}
