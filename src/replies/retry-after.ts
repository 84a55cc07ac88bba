/**
 * Reads how long a server asks to wait: `retry-after-ms`, or `Retry-After` in seconds or as an HTTP date.
 *
 * @param now milliseconds since 1970, for a date.
 * @returns milliseconds, never negative; undefined where nothing readable is said.
 *
 * @example
 * readRetryAfter(new Headers({ "retry-after": "2" }), 0); // => 2000
 */
export function readRetryAfter(headers: Headers | undefined, now: number): number | undefined {
  const milliseconds = readNumber(headers?.get("retry-after-ms"));
  if (milliseconds !== undefined) return milliseconds;
  const value = headers?.get("retry-after");
  const seconds = readNumber(value);
  if (seconds !== undefined) return seconds * 1000;
  const date = Date.parse(value ?? "");
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function readNumber(text: string | null | undefined): number | undefined {
  return text && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}
