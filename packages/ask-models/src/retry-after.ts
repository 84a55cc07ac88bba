/**
 * Reads how long a server asks to wait: `retry-after-ms`, `Retry-After` in seconds or as an HTTP date, or else when the
 * limit that is used up is reset, as `x-ratelimit-reset-requests` and `-tokens` say it (`7m12s`).
 *
 * @param now milliseconds since 1970, for a date.
 * @returns milliseconds, never negative; undefined if nothing readable is said.
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
  // Without a letter it is not a date, whatever the parser makes of it: a negative number, say.
  const date = /[a-z]/i.test(value ?? "") ? Date.parse(value ?? "") : Number.NaN;
  return Number.isNaN(date) ? readReset(headers) : Math.max(0, date - now);
}

function readReset(headers: Headers | undefined): number | undefined {
  const resets = ["requests", "tokens"].flatMap((what) => {
    const remaining = headers?.get(`x-ratelimit-remaining-${what}`) ?? "0";
    const reset = headers?.get(`x-ratelimit-reset-${what}`);
    return reset && Number(remaining) === 0 ? (readSpan(reset) ?? []) : [];
  });
  return resets.length === 0 ? undefined : Math.max(...resets);
}

const UNIT_MS: Readonly<Record<string, number>> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
};

// Such as `1h2m3.5s` or `20ms`.
function readSpan(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[dhms]))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/([\d.]+)(ms|[dhms])/g)];
  return parts.reduce(
    (sum, [, number, unit]) => sum + Number(number) * (UNIT_MS[unit as string] ?? 0),
    0,
  );
}

function readNumber(text: string | null | undefined): number | undefined {
  return text && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}
