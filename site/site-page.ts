import { posix } from "node:path";
import { escapeMarkup } from "kit";

/** The parts of the menu, in order. */
export const GROUPS = [
  "Start",
  "Notebooks",
  "Lessons",
  "Results",
  "Mixed models",
  "Guides",
  "Packages",
  "About",
] as const;

/** One of them. */
export type Group = (typeof GROUPS)[number];

/** A page of the site. */
export interface SitePage {
  /** Below the site's root, with forward slashes, such as `notebooks/06-claims.html`. */
  readonly path: string;
  readonly title: string;
  /** What stands in its `main`, with a heading of the first level. */
  readonly body: string;
  /** Where the menu lists it; pages without a group are reached by links. */
  readonly group?: Group;
  /** Scripts that it loads, below the site's root. */
  readonly scripts?: readonly string[];
}

/** An address within the site as one of its pages writes it: relative, so that the site may lie in any folder. */
export function linkTo(from: string, to: string): string {
  const [path = "", ...hash] = to.split("#");
  const relative = posix.relative(posix.dirname(from), path);
  return [relative, ...hash].join("#");
}

/** Writes a text as the value of an attribute, between double quotes. */
export function quoted(text: string): string {
  return `"${escapeMarkup(text).replaceAll('"', "&quot;")}"`;
}
