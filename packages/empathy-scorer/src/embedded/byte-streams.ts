// Numbers as bytes, little-endian.

/** Writes numbers one after the other, little-endian. */
export class ByteWriter {
  private bytes = new Uint8Array(1 << 16);
  private size = 0;

  /** A whole number from 0 up, seven bits a byte, the lowest first. */
  varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.byte((rest & 127) | 128);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  /** A 32-bit float. */
  float(value: number): void {
    const view = new DataView(new ArrayBuffer(4));
    view.setFloat32(0, value, true);
    for (let at = 0; at < 4; at++) this.byte(view.getUint8(at));
  }

  /** A whole number from -32768 to 32767. */
  int16(value: number): void {
    this.byte(value & 255);
    this.byte((value >> 8) & 255);
  }

  /** A whole number from -128 to 255, of which the reader must know the sign. */
  byte(value: number): void {
    if (this.size === this.bytes.length) {
      const larger = new Uint8Array(this.size * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[this.size++] = value;
  }

  toBuffer(): Buffer {
    return Buffer.from(this.bytes.slice(0, this.size));
  }
}

/** Reads what `ByteWriter` wrote; throws a RangeError past the end. */
export class ByteReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
  }

  float(): number {
    this.at += 4;
    return this.bytes.readFloatLE(this.at - 4);
  }

  int16(): number {
    this.at += 2;
    return this.bytes.readInt16LE(this.at - 2);
  }

  byte(): number {
    return this.bytes.readUInt8(this.at++);
  }

  /** Whether everything has been read. */
  get ended(): boolean {
    return this.at === this.bytes.length;
  }
}
