// The second stage as it is used: trees, or trees blended with linear models.
import type { LevelProbabilities } from "../levels";
import { sigmoid } from "../text/stable-math";
import { TreeSum } from "./boosted-trees";
import type { MetricModel } from "./train-metric";

/** Gives what turns one metric's features into probabilities of the levels. */
export function classifierOf({
  trees,
  blend,
}: MetricModel): (features: Float32Array) => LevelProbabilities {
  const sum = new TreeSum(trees);
  if (!blend) return (features) => sum.classify(features);
  const { model, share } = blend;
  return (features) => {
    const [none, one, two] = sum.classify(features);
    const any = sigmoid(features[model]!);
    const strong = Math.min(any, sigmoid(features[model + 1]!));
    const mix = (tree: number, linear: number) => (1 - share) * tree + share * linear;
    return [mix(none, 1 - any), mix(one, any - strong), mix(two, strong)];
  };
}
