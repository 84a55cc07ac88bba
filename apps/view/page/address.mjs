// The address of the page holds everything that it shows: `#/reply/DIALOGUE/TURN/SYSTEM/SAMPLE?filters`.

/** Reads the address. @returns the filters, and the reply that is open, if any. */
export function readAddress(hash) {
  const [path = "", search = ""] = hash.replace(/^#/, "").split(/\?(.*)/s, 2);
  const [kind, dialogue, turn, system, sample] = path.replace(/^\//, "").split("/").map(decode);
  const query = new URLSearchParams(search);
  if (kind !== "reply" || !dialogue || !/^\d+$/.test(turn ?? "")) return { query };
  return { query, place: { dialogue, turn, system: system ?? "", sample: sample || "1" } };
}

/** Writes the address of a view. */
export function formatAddress(query, place) {
  const search = query.toString();
  return `#${place ? pathOf(place) : "/"}${search === "" ? "" : `?${search}`}`;
}

function pathOf({ dialogue, turn, system, sample }) {
  const parts = [dialogue, turn, system, ...(String(sample) === "1" ? [] : [sample])];
  return `/reply/${parts.map(encodeURIComponent).join("/")}`;
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
