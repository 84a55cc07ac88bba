declare module "subset-font" {
  /** Reduces a font to the glyphs of a text; sfnt in, `targetFormat` out. */
  export default function subsetFont(
    font: Buffer,
    text: string,
    options: { readonly targetFormat: "woff2" },
  ): Promise<Buffer>;
}
