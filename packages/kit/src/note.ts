/** Tells people on stderr what a program did in their stead, where nobody else listens. */
export function note(text: string): void {
  process.stderr.write(`empathy: note: ${text}\n`);
}
