// Estimates leads, task by task; started by estimate-all.ts.
import { parentPort, workerData } from "node:worker_threads";
import { readStudy, type Study } from "../study/study";
import type { System } from "../systems/system";
import { isCompared } from "../systems/unit";
import {
  type AnchoredReplies,
  keepSystems,
  readAnchoredReplies,
  selectReplies,
} from "./anchored-replies";
import { estimateLeads, type Leads } from "./leads";
import { isShown, type LeadsAnswer, type LeadsTask } from "./leads-task";

const shown = new Map<string, AnchoredReplies>();
const compared = new Map<string, AnchoredReplies>();

/** Does one task. */
function runTask(task: LeadsTask, root: string): Leads {
  const study = readStudy(root);
  const anchored = readReplies(task, study);
  const chosen = selectReplies(anchored, task);
  const replies = task.variant === "shared" ? keepShared(chosen) : chosen;
  const options = { equalLength: task.variant === "length", fewest: study.fewestReplies };
  return estimateLeads(replies, task.metric, task.outcome, options);
}

function readReplies({ scorer, variant }: LeadsTask, study: Study): AnchoredReplies {
  const all = shown.get(scorer) ?? readAnchoredReplies(study, isShown, scorer);
  shown.set(scorer, all);
  if (variant === "situation") return all;
  const anchored = compared.get(scorer) ?? keepSystems(all, isCompared);
  compared.set(scorer, anchored);
  return anchored;
}

// The stimuli that an LLM and an older system both answered, with everyone's replies to them.
function keepShared(anchored: AnchoredReplies): AnchoredReplies {
  const answered = (family: System["family"]) => {
    const ids = new Set(
      anchored.systems.filter((system) => system.family === family).map(({ id }) => id),
    );
    const own = anchored.replies.filter(({ system }) => ids.has(system));
    return new Set(own.map(({ stimulus }) => stimulus));
  };
  const [llms, others] = [answered("llm"), answered("ecs")];
  const replies = anchored.replies.filter(
    ({ stimulus }) => llms.has(stimulus) && others.has(stimulus),
  );
  return keepSystems({ systems: anchored.systems, replies }, () => true);
}

parentPort?.on("message", (task: LeadsTask) => {
  const { root } = workerData as { readonly root: string };
  parentPort?.postMessage({ task, leads: runTask(task, root) } satisfies LeadsAnswer);
});
