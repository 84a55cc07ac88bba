/** What may stand between the cells of a table. */
export type Delimiter = "," | ";" | "\t";

/**
 * Finds what stands between the cells of a header: of comma, semicolon and tab the most frequent outside quotes,
 * or else the comma.
 *
 * @example
 * findDelimiter('conv_id;turn;"response, in full"\n1;2;a,b,c,d'); // => ";"
 */
export function findDelimiter(text: string): Delimiter {
  const [header = ""] = text.replace(/"(?:[^"]|"")*"/g, "").split("\n", 1);
  const countOf = (delimiter: Delimiter) => header.split(delimiter).length;
  const others: readonly Delimiter[] = [";", "\t"];
  return others.reduce<Delimiter>(
    (best, delimiter) => (countOf(delimiter) > countOf(best) ? delimiter : best),
    ",",
  );
}
