// What stage 1 is asked for, and its answer; the worker's file does it.
import type { Metric } from "empathy-scorer";
import type { System } from "../systems/system";
import { isCompared } from "../systems/unit";
import type { Analysis } from "./analysis";
import type { Outcome } from "./claim";
import type { Leads } from "./leads";

/** Another question beside the claims': which replies it looks at, or what it holds equal. */
export type Variant = "none" | "situation" | "shared" | "length";

/** One model to be fitted. */
export interface LeadsTask extends Pick<Analysis, "scorer" | "dialogues" | "turns"> {
  readonly metric: Metric;
  readonly outcome: Outcome;
  readonly variant: Variant;
}

/** What a worker answers. */
export interface LeadsAnswer {
  readonly task: LeadsTask;
  readonly leads: Leads;
}

/** Whether a system is among those that are compared, or saw the situation only. */
export function isShown(system: System): boolean {
  return isCompared(system) || (!system.excluded && system.shown === "situation");
}
