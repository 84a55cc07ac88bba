import { readFileSync } from "node:fs";
import { projectPath } from "../src/project";

/** What an app's page holds, as a browser loads it: a script, a style or a page below `apps/APP/page/`. */
export function readPageFile(
  app: "annotate" | "report" | "teaching" | "view",
  name: string,
): string {
  return readFileSync(projectPath("apps", app, "page", name), "utf8");
}
