// Writes data/example/simulated-replies.csv: node dist/test/mixed/example-data.js
import { writeFileSync } from "node:fs";
import { projectPath } from "test-support/project";
import { Random } from "./random";

const FAMILIES = { llm: 1.1, ecs: 0, human: 0.4 } as const;
const SENTIMENTS = { positive: 0, negative: 0.5 } as const;

/**
 * Simulates which of nine made-up systems' replies to 60 made-up dialogues show an emotional reaction: LLMs most,
 * and more so for negative prompts; systems differ with a standard deviation of 0.4, dialogues of 0.8.
 */
export function simulateExample(): string {
  const random = new Random(2310);
  const systems = Array.from({ length: 9 }, (_, at) => {
    const family = (Object.keys(FAMILIES) as (keyof typeof FAMILIES)[])[Math.floor(at / 3)];
    return {
      system: `s${at + 1}`,
      family: family as keyof typeof FAMILIES,
      shift: 0.4 * random.normal(),
    };
  });
  const lines = ["system,family,dialogue,sentiment,er"];
  for (let dialogue = 1; dialogue <= 60; dialogue++) {
    const sentiment = dialogue % 2 === 0 ? "negative" : "positive";
    const mood = 0.8 * random.normal();
    for (const { system, family, shift } of systems) {
      const extra = family === "llm" ? SENTIMENTS[sentiment] : 0;
      const eta = -0.6 + FAMILIES[family] + extra + shift + mood;
      const er = random.uniform() < 1 / (1 + Math.exp(-eta)) ? 1 : 0;
      lines.push([system, family, `d${dialogue}`, sentiment, er].join(","));
    }
  }
  return `${lines.join("\n")}\n`;
}

if (require.main === module) {
  writeFileSync(projectPath("data", "example", "simulated-replies.csv"), simulateExample());
}
