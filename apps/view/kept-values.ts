// Values with typed arrays and maps in them as JSON, and back: what a view that is kept holds. It runs in the browser, too.

const KINDS = { Int8Array, Uint8Array, Uint16Array, Int32Array, Float32Array } as const;

type Kind = keyof typeof KINDS;

/** Writes a value as JSON; typed arrays become base64, maps lists of pairs. */
export function writeValues(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (one instanceof Map) return { kind: "Map", entries: [...one] };
    const kind = ArrayBuffer.isView(one) && (one.constructor.name as Kind);
    if (!kind || !(kind in KINDS)) return one;
    const { buffer, byteOffset, byteLength } = one as Uint8Array;
    return { kind, bytes: toBase64(new Uint8Array(buffer, byteOffset, byteLength)) };
  });
}

/** Reads a value that `writeValues` wrote. */
export function readValues(text: string): unknown {
  return JSON.parse(text, (_, one) => {
    if (one?.kind === "Map") return new Map(one.entries);
    const make = typeof one?.bytes === "string" ? KINDS[one.kind as Kind] : undefined;
    if (!make) return one;
    const bytes = Uint8Array.from(atob(one.bytes), (letter) => letter.charCodeAt(0));
    return new make(bytes.buffer);
  });
}

const AT_ONCE = 8192;

function toBase64(bytes: Uint8Array): string {
  let letters = "";
  for (let at = 0; at < bytes.length; at += AT_ONCE)
    letters += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE));
  return btoa(letters);
}
