import assert from "node:assert/strict";

/** Compares all that R expects, relative or absolute, the larger; R writes a list of one number as that number. */
export function assertGolden(
  found: unknown,
  expected: unknown,
  tolerance: number,
  where: string,
): void {
  if (typeof expected === "number") {
    const value = Array.isArray(found) ? found[0] : found;
    const distance = Math.abs(value - expected) / Math.max(1, Math.abs(expected));
    assert.ok(distance <= tolerance, `${where}: ${value}, not ${expected}`);
  } else if (typeof expected === "string" || expected === null) {
    assert.equal(found ?? null, expected, where);
  } else {
    for (const [name, value] of Object.entries(expected as object)) {
      assertGolden(
        (found as Record<string, unknown>)?.[name],
        value,
        tolerance,
        `${where} ${name}`,
      );
    }
  }
}
