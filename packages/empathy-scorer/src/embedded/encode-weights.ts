// The binary form of a head's models; docs/scoring.md describes it byte by byte.
import type { DenseScale } from "../features/reply-text";
import { METRICS, type Metric } from "../levels";
import type { BoostedTrees, Tree } from "../models/boosted-trees";
import type { SparseLinear } from "../models/sparse-linear";
import type { Blend, MetricModel } from "../models/train-metric";
import { ByteReader, ByteWriter } from "./byte-streams";

/** The models of a head: for each metric, one model per fold, or one alone. */
export type HeadModels = Readonly<Record<Metric, readonly MetricModel[]>>;

// Added to the number of models that read counts: some read the utterance that is answered; a blend follows.
const TOLD = 16;
const BLEND = 32;

/** Writes a head's models. Token models that all folds share are written once per metric. */
export function encodeHead(models: HeadModels): Buffer {
  const out = new ByteWriter();
  for (const metric of METRICS) {
    const folds = models[metric];
    out.varint(folds.length);
    writeLinears(out, folds[0]!.stageOne.token);
    for (const { stageOne, trees, blend } of folds) {
      writeScale(out, stageOne.scale);
      out.varint(stageOne.denseModels + (stageOne.told ? TOLD : 0) + (blend ? BLEND : 0));
      if (blend) writeBlend(out, blend);
      writeLinears(out, stageOne.whole);
      writeLinears(out, stageOne.sentence);
      writeTrees(out, trees);
    }
  }
  return out.toBuffer();
}

/** Reads what `encodeHead` wrote. */
export function decodeHead(bytes: Buffer): HeadModels {
  const input = new ByteReader(bytes);
  const models = {} as Record<Metric, MetricModel[]>;
  for (const metric of METRICS) {
    const folds = input.varint();
    const token = readLinears(input);
    models[metric] = Array.from({ length: folds }, () => {
      const scale = readScale(input);
      const code = input.varint();
      const [denseModels, told] = [code % TOLD, Math.floor(code / TOLD) % 2 === 1];
      const blend = code >= BLEND ? { model: input.varint(), share: input.float() } : undefined;
      const whole = readLinears(input);
      const sentence = readLinears(input);
      const stageOne = { scale, whole, denseModels, told, sentence, token };
      const model = { stageOne, trees: readTrees(input) };
      return blend ? { ...model, blend } : model;
    });
  }
  if (!input.ended) throw new RangeError("bytes are left over");
  return models;
}

function writeBlend(out: ByteWriter, { model, share }: Blend): void {
  out.varint(model);
  out.float(share);
}

function writeLinears(out: ByteWriter, models: readonly SparseLinear[]): void {
  out.varint(models.length);
  for (const { ids, weights, scale, bias } of models) {
    out.float(scale);
    out.float(bias);
    out.varint(ids.length);
    let before = 0;
    for (const id of ids) {
      out.varint(id - before);
      before = id;
    }
    for (const weight of weights) out.byte(weight & 255);
  }
}

function readLinears(input: ByteReader): SparseLinear[] {
  return Array.from({ length: input.varint() }, () => {
    const scale = input.float();
    const bias = input.float();
    const ids = new Int32Array(input.varint());
    let before = 0;
    for (let at = 0; at < ids.length; at++) {
      before += input.varint();
      ids[at] = before;
    }
    const weights = Int8Array.from({ length: ids.length }, () => input.byte());
    return { ids, weights, scale, bias };
  });
}

function writeScale(out: ByteWriter, { mean, sd }: DenseScale): void {
  out.varint(mean.length);
  for (const value of mean) out.float(value);
  for (const value of sd) out.float(value);
}

function readScale(input: ByteReader): DenseScale {
  const length = input.varint();
  const floats = () => Float32Array.from({ length }, () => input.float());
  return { mean: floats(), sd: floats() };
}

// A tree's thresholds are few distinct numbers per feature: they are listed once and referred to.
function writeTrees(out: ByteWriter, { trees, leafScale }: BoostedTrees): void {
  const cuts = [...new Set(trees.flatMap((tree) => [...tree.thresholds]))].sort((a, b) => a - b);
  const place = new Map(cuts.map((cut, at) => [cut, at]));
  out.varint(cuts.length);
  for (const cut of cuts) out.float(cut);
  out.float(leafScale);
  out.varint(trees.length);
  for (const { features, thresholds, leaves } of trees) {
    for (const [node, feature] of features.entries()) {
      out.byte(feature);
      out.varint(place.get(thresholds[node]!)!);
    }
    for (const leaf of leaves) out.int16(Math.round(leaf / leafScale));
  }
}

function readTrees(input: ByteReader): BoostedTrees {
  const cuts = Float32Array.from({ length: input.varint() }, () => input.float());
  const leafScale = input.float();
  const trees = Array.from({ length: input.varint() }, (): Tree => {
    const features = new Int16Array(7);
    const thresholds = new Float32Array(7);
    for (let node = 0; node < 7; node++) {
      features[node] = input.byte();
      thresholds[node] = cuts[input.varint()]!;
    }
    const leaves = Float32Array.from({ length: 8 }, () => input.int16() * leafScale);
    return { features, thresholds, leaves };
  });
  return { trees, leafScale };
}
