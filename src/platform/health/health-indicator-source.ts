/** One thing whose health is shown, such as a dependency. */
export interface HealthIndicatorSource {
  /** Key in the answer: lower case, such as `database`. */
  name: string;
  /** Resolves when it is well, rejects with the reason when it is not. Called by several callers at once; may be slow. */
  check(): Promise<void>;
  /** True when this process can do nothing useful without it: then it is not ready. */
  requiredForReady: boolean;
}
