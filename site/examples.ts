// The tables that the page of models offers: made from a seed, or simulated data that the package has already.
import { readFileSync } from "node:fs";
import { createGenerator } from "kit";
import { formatCsvTable } from "kit/tables";
import { projectPath } from "../src/project";

/** A table to try, and what is asked of it; flags as the commands have them. */
export interface Example {
  readonly id: string;
  readonly kind: "fit" | "meta";
  readonly title: string;
  readonly flags: Readonly<Record<string, string>>;
  readonly csv: string;
}

/** Lists them; the same bytes every time. */
export function listExamples(): Example[] {
  return [
    {
      id: "sleep",
      kind: "fit",
      title: "Reaction times over days without sleep: the design of lme4's sleepstudy, simulated",
      flags: { formula: "reaction ~ days + (days | subject)", family: "gaussian" },
      csv: simulateSleep(),
    },
    {
      id: "replies",
      kind: "fit",
      title: "The study's model: does a reply show an emotional reaction? (simulated replies)",
      flags: {
        formula: "er ~ family * sentiment + (1 | system) + (1 | dialogue)",
        family: "binomial",
        means: "family,sentiment",
      },
      csv: readFileSync(projectPath("data", "example", "simulated-replies.csv"), "utf8"),
    },
    {
      id: "grades",
      kind: "fit",
      title: "Grades from bad to good (simulated)",
      flags: {
        formula: "grade ~ family + (1 | system) + (1 | dialogue)",
        family: "cumulative",
        levels: "bad,okay,good",
      },
      csv: simulateGrades(),
    },
    {
      id: "effects",
      kind: "meta",
      title: "A meta-analysis of twelve studies (simulated)",
      flags: { effect: "effect", variance: "variance", labels: "study" },
      csv: simulateEffects(),
    },
  ];
}

// Eighteen people on ten days, with about the variances that lme4 finds in sleepstudy.
function simulateSleep(): string {
  const random = createGenerator(18);
  const rows = Array.from({ length: 18 }, (_, person) => {
    const [start, slope] = [251 + 25 * random.normal(), 10.5 + 6 * random.normal()];
    return Array.from({ length: 10 }, (_, days) => ({
      subject: `s${person + 1}`,
      days,
      reaction: Number((start + slope * days + 25 * random.normal()).toFixed(2)),
    }));
  });
  return formatCsvTable(["subject", "days", "reaction"], rows.flat());
}

const [DIALOGUES, SYSTEMS] = [40, 8];

// Eight systems answer forty dialogues; graders' thresholds at -1 and 1.
function simulateGrades(): string {
  const random = createGenerator(40);
  const dialogues = Array.from({ length: DIALOGUES }, () => 0.8 * random.normal());
  const rows = Array.from({ length: SYSTEMS }, (_, at) => {
    const family = at % 2 === 0 ? "llm" : "ecs";
    const own = (family === "llm" ? 0.9 : 0) + 0.4 * random.normal();
    return dialogues.map((dialogue, number) => {
      const uniform = random.uniform();
      const latent = own + dialogue + Math.log(uniform / (1 - uniform));
      const grade = latent < -1 ? "bad" : latent < 1 ? "okay" : "good";
      return { system: `s${at + 1}`, family, dialogue: `d${number + 1}`, grade };
    });
  });
  return formatCsvTable(["system", "family", "dialogue", "grade"], rows.flat());
}

function simulateEffects(): string {
  const random = createGenerator(12);
  const rows = Array.from({ length: 12 }, (_, at) => {
    const variance = 0.01 + 0.05 * random.uniform();
    const effect = 0.3 + 0.2 * random.normal() + Math.sqrt(variance) * random.normal();
    return {
      study: `Study ${at + 1}`,
      effect: Number(effect.toFixed(3)),
      variance: Number(variance.toFixed(4)),
      year: 2010 + at,
    };
  });
  return formatCsvTable(["study", "effect", "variance", "year"], rows);
}
