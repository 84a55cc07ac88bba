import { readFileSync } from "node:fs";
import { projectPath } from "../src/project";

/** The style of every page; tables and figures look as they do in the report. */
export function readStyle(): string {
  const tables = readFileSync(projectPath("apps", "report", "page", "tables.css"), "utf8");
  return tables + readFileSync(projectPath("site", "page", "site.css"), "utf8");
}
