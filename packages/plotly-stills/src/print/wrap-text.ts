import { largest } from "kit";
import { textWidth } from "../text-metrics";

const BREAK = /<br ?\/?>/;

/** The lines of one of plotly's texts. */
export function linesOf(text: string): string[] {
  return text.split(BREAK);
}

/** Width of a text's longest line in pixels; tags take no room. */
export function widthOfText(text: string, size: number): number {
  return largest(
    linesOf(text).map((line) => {
      const weight = line.includes("<b>") ? 700 : 400;
      return textWidth(line.replace(/<[^>]*>/g, ""), size, weight);
    }),
  );
}

/**
 * Breaks one of plotly's texts between words into lines of at most `width` pixels; a longer word stands alone.
 *
 * Breaks that it has already are kept where its lines fit, and are taken for spaces where one does not.
 */
export function wrapText(text: string, width: number, size: number): string {
  if (widthOfText(text, size) <= width) return text;
  const words = linesOf(text).join(" ").split(/\s+/);
  const lines: string[] = [];
  for (const word of words) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    const fits = lines.length > 0 && widthOfText(longer, size) <= width;
    if (fits) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join("<br>");
}
