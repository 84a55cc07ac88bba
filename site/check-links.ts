import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

/**
 * Looks at every address within the site that its pages lead to or load, headings included.
 *
 * @returns what leads nowhere, as `PAGE: ADDRESS`.
 */
export function findDeadLinks(root: string): string[] {
  const files = (readdirSync(root, { recursive: true }) as string[])
    .map((path) => path.split("\\").join("/"))
    .filter((path) => /\.(html|svg)$/.test(path));
  const names = new Map(files.map((file) => [file, namesIn(join(root, file))]));
  const pages = files.filter((file) => file.endsWith(".html"));
  return pages.flatMap((page) => {
    const text = readFileSync(join(root, page), "utf8").replace(
      /<script\b(?![^>]* src=).*?<\/script>/gs,
      "",
    );
    const addresses = [...text.matchAll(/<[a-z][^>]*? (?:href|src|action)="([^"]*)"/g)];
    const own = new Set(addresses.map(([, address]) => (address ?? "").replaceAll("&amp;", "&")));
    return [...own]
      .filter((address) => isDead(root, page, address, names))
      .map((address) => `${page}: ${address}`);
  });
}

function isDead(
  root: string,
  page: string,
  address: string,
  names: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  if (/^[a-z]+:/i.test(address)) return false;
  const [path = "", hash = ""] = address.split("#");
  const target = path === "" ? page : posix.join(posix.dirname(page), decodeURI(path));
  if (!existsSync(join(root, target))) return true;
  return hash !== "" && !names.get(target)?.has(decodeURIComponent(hash));
}

function namesIn(path: string): ReadonlySet<string> {
  const found = readFileSync(path, "utf8").matchAll(/ id="([^"]+)"/g);
  return new Set([...found].map(([, name]) => name as string));
}
