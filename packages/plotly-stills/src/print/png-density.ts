import { crc32 } from "node:zlib";

const PIXELS_PER_METRE_OF_DPI = 1 / 0.0254;
const AFTER_HEADER = 33;

/** Gives a PNG the chunk that says how many pixels it has an inch (`pHYs`; PNG specification, 11.3.4.3). */
export function withDensity(png: Buffer, dpi: number): Buffer {
  const perMetre = Math.round(dpi * PIXELS_PER_METRE_OF_DPI);
  const chunk = Buffer.alloc(21);
  chunk.writeUInt32BE(9, 0);
  chunk.write("pHYs", 4, "latin1");
  chunk.writeUInt32BE(perMetre, 8);
  chunk.writeUInt32BE(perMetre, 12);
  chunk.writeUInt8(1, 16);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
  return Buffer.concat([png.subarray(0, AFTER_HEADER), chunk, png.subarray(AFTER_HEADER)]);
}
