import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "kit";
import { keepFile } from "kit/files";
import type { Family } from "../../src/systems/system";
import { formatPage } from "./page";
import type { MadePlan } from "./plan";
import { formatPlan, type Plan } from "./plan-file";
import type { Population } from "./population";

/** Name of the plan's file in a study's folder. */
const PLAN_FILE = "plan.json";

/**
 * Writes a study into a folder: the plan, and one page a rater.
 *
 * @returns the files, the plan last, so that a plan that is there has its pages.
 * @throws UserError if the folder holds another plan already, on which raters may be at work.
 */
export async function writeStudy(
  folder: string,
  { plan, members }: MadePlan,
  population: Population,
): Promise<string[]> {
  const planFile = join(folder, PLAN_FILE);
  if (existsSync(planFile)) {
    throw new UserError(`${planFile}: already exists; name another folder, or delete this one`);
  }
  const files = new Map<string, string>();
  for (const page of await formatPages(plan, members, population)) {
    files.set(join(folder, `${page.name}.html`), page.text);
  }
  files.set(planFile, formatPlan(plan));
  for (const [path, text] of files) keepFile(path, text);
  return [...files.keys()];
}

/**
 * Writes a plan alone; its pages can be written later, wherever the texts are.
 *
 * @returns the file.
 * @throws UserError if it exists and holds something else.
 */
export function writePlan(path: string, plan: Plan): string {
  const text = formatPlan(plan);
  if (existsSync(path) && readFileSync(path, "utf8") !== text) {
    throw new UserError(`${path}: already exists; name another file, or delete this one`);
  }
  keepFile(path, text);
  return path;
}

const MACHINES: readonly Family[] = ["llm", "tuned-llm", "ecs"];

async function formatPages(
  plan: Plan,
  members: readonly number[],
  { replies, openTexts }: Population,
) {
  const show = await openTexts();
  const shown = new Map(
    plan.replies.flatMap(({ id }, at) => {
      const reply = replies[members[at] ?? -1];
      return reply ? [[id, { id, ...show(reply) }] as const] : [];
    }),
  );
  const drawn = new Set(members.map((at) => replies[at]?.family));
  const isMixed = drawn.has("human") && MACHINES.some((family) => drawn.has(family));
  return plan.pages.map(({ page, replies: ids }) => {
    const own = ids.flatMap((id) => shown.get(id) ?? []);
    return { name: page, text: formatPage({ plan: plan.id, page, isMixed, replies: own }) };
  });
}
