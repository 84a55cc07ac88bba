// The innermost sums of tiled.ts in WebAssembly with SIMD: two products at a time, which JavaScript has no way to ask for. The
// module is written here, instruction by instruction (webassembly.github.io/spec/core), and has one function and its memory.
// Even and odd places are summed apart, and then together: the same bits wherever it runs.

/** Memory that WebAssembly and JavaScript share, and the sums of a tile. */
export interface TileKernel {
  /** Room for so many numbers, from the beginning; rooms of earlier claims are then gone. */
  claim(count: number): Float64Array;
  /** Whether an array lies in the memory. */
  holds(values: ArrayLike<number>): values is Float64Array;
  /**
   * Products of four rows with two, over `count` places: rows of the first one after the other, two columns each, into `sums`
   * from `place` on, four numbers apart.
   *
   * @param rows addresses of the six rows, in bytes.
   */
  dot(
    a0: number,
    a1: number,
    a2: number,
    a3: number,
    b0: number,
    b1: number,
    count: number,
    place: number,
  ): void;
  /** 4 x 4. */
  readonly sums: Float64Array;
}

const SUMS = 16;
const PAGE = 65_536;

// Larger matrices stay where they are: the memory is kept for as long as the program runs.
const MOST_BYTES = 256 * 2 ** 20;

let kernel: TileKernel | undefined;
let isTried = false;

/** The kernel with room for so many numbers; undefined where there is no WebAssembly with SIMD, or they are too many. */
export function tileKernel(count: number): TileKernel | undefined {
  if (8 * (count + SUMS) > MOST_BYTES) return undefined;
  if (!isTried) kernel = makeKernel();
  isTried = true;
  return kernel;
}

/** What of WebAssembly is used here; its types are the browser's. */
interface Wasm {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): void };
  dot(...numbers: readonly number[]): void;
}

function makeKernel(): TileKernel | undefined {
  const bytes = Uint8Array.from(moduleBytes());
  const { WebAssembly: wasm } = globalThis as { readonly WebAssembly?: Wasm };
  if (!wasm?.validate(bytes)) return undefined;
  const { memory, dot } = new wasm.Instance(new wasm.Module(bytes)).exports as Exports;
  let sums = new Float64Array(memory.buffer, 0, SUMS);
  return {
    claim(count) {
      const missing = 8 * (count + SUMS) - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      sums = new Float64Array(memory.buffer, 0, SUMS);
      return new Float64Array(memory.buffer, 8 * SUMS, count);
    },
    holds: (values): values is Float64Array =>
      values instanceof Float64Array && values.buffer === memory.buffer,
    dot: (a0, a1, a2, a3, b0, b1, count, place) => dot(a0, a1, a2, a3, b0, b1, count, 8 * place),
    get sums() {
      return sums;
    },
  };
}

// ---- The module --------------------------------------------------------------

type Code = readonly number[];

const I32 = 0x7f;
const V128 = 0x7b;
const A = [0, 1, 2, 3];
const B = [4, 5];
const COUNT = 6;
const OUT = 7;
/** Locals after the parameters: how far the sums have come and how far pairs go, in bytes; then vectors. */
const AT = 8;
const END = 9;
const FIRST_SUM = 10;
const X = 18;
const Y = [19, 20];

/** The magic number and version 1. */
const PREAMBLE: Code = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

function moduleBytes(): number[] {
  const body = [...locals([2, I32], [11, V128]), ...dotCode(), 0x0b];
  return [
    ...PREAMBLE,
    ...section(1, [1, 0x60, 8, ...Array(8).fill(I32), 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0x00, 1]),
    ...section(7, [2, ...named("memory", 0x02, 0), ...named("dot", 0x00, 0)]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ];
}

function section(id: number, content: Code): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function named(name: string, kind: number, index: number): number[] {
  return [name.length, ...Array.from(name, (letter) => letter.charCodeAt(0)), kind, index];
}

function locals(...groups: readonly (readonly [count: number, type: number])[]): number[] {
  return [groups.length, ...groups.flat()];
}

// LEB128.
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
const constant = (value: number): Code => [0x41, ...signed(value)];
const vector = (instruction: number): Code => [0xfd, ...unsigned(instruction)];
const LOAD_PAIR = 0x00;
const LOAD_ONE = 0x5d;
const EXTRACT = 0x21;
const ADD = 0xf0;
const MULTIPLY = 0xf2;
const EIGHT_BYTES = 3;

function signed(value: number): number[] {
  const low = value & 127;
  const rest = value >> 7;
  const isLast = (rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0);
  return isLast ? [low] : [low | 128, ...signed(rest)];
}

// Vectors begin as zeros.
function dotCode(): number[] {
  return [
    ...get(COUNT),
    ...constant(-2),
    0x71, // i32.and
    ...constant(3),
    0x74, // i32.shl
    ...set(END),
    0x02, // block
    0x40,
    0x03, // loop
    0x40,
    ...get(AT),
    ...get(END),
    0x4f, // i32.ge_u
    0x0d, // br_if, out of the block
    1,
    ...addProducts(LOAD_PAIR),
    ...get(AT),
    ...constant(16),
    0x6a, // i32.add
    ...set(AT),
    0x0c, // br, to the loop
    0,
    0x0b, // end of the loop
    0x0b, // end of the block
    ...get(COUNT),
    ...constant(1),
    0x71,
    0x04, // if a place is left
    0x40,
    ...addProducts(LOAD_ONE),
    0x0b,
    ...A.flatMap((_, row) => B.flatMap((_b, column) => storeSum(row, column))),
  ];
}

function addProducts(load: number): number[] {
  const read = (from: number): Code => [
    ...get(from),
    ...get(AT),
    0x6a,
    ...vector(load),
    EIGHT_BYTES,
    0,
  ];
  return [
    ...B.flatMap((from, column) => [...read(from), ...set(Y[column]!)]),
    ...A.flatMap((from, row) => [
      ...read(from),
      ...set(X),
      ...B.flatMap((_, column) => {
        const sum = FIRST_SUM + 2 * row + column;
        return [
          ...get(sum),
          ...get(X),
          ...get(Y[column]!),
          ...vector(MULTIPLY),
          ...vector(ADD),
          ...set(sum),
        ];
      }),
    ]),
  ];
}

function storeSum(row: number, column: number): number[] {
  const lane = (which: number): Code => [
    ...get(FIRST_SUM + 2 * row + column),
    ...vector(EXTRACT),
    which,
  ];
  return [
    ...get(OUT),
    ...lane(0),
    ...lane(1),
    0xa0, // f64.add
    0x39, // f64.store
    EIGHT_BYTES,
    ...unsigned(8 * (4 * row + column)),
  ];
}
