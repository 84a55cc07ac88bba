export {
  type EquivalenceOptions,
  type EquivalenceSide,
  type EquivalenceTest,
  type EquivalenceTests,
  testEquivalence,
} from "./inference/equivalence";
export { interactionContrast } from "./inference/interaction-contrast";
export { type JointTest, type JointTests, jointTests } from "./inference/joint-tests";
export { kenwardRoger } from "./inference/kenward-roger";
export {
  type ProportionalOddsTest,
  type ProportionalOddsTests,
  testProportionalOdds,
} from "./inference/proportional-odds";
