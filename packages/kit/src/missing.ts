/** None, because: what a function gives where there is no value to give. */
export interface Missing {
  /** Why, in words. */
  readonly missing: string;
}

/** Whether there is a reason in place of a value. */
export function isMissing<Value extends object>(found: Value | Missing): found is Missing {
  return "missing" in found;
}
