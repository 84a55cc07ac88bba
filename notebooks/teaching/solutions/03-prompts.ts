// Exercise: more
const more: unknown = {
  none: meanLevels(written.none).ex - human.ex,
  short: meanLevels(written.short).ex - human.ex,
  counselling: meanLevels(written.counselling).ex - human.ex,
};
// Exercise: replies
const replies: unknown = [
  "What time does he stop?",
  "What did the office tell you?",
  "What did you do afterwards?",
  "What do you buy there?",
  "Who gave him permission?",
];
// Exercise: without
const differences = asks.writer.map((level, at) => level - asks.listener[at]);
const without: unknown = differences.map((one) => (5 * mean(differences) - one) / 4);
