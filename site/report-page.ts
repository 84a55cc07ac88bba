import { readFileSync } from "node:fs";
import { reportBody } from "../apps/report/write-report";
import { projectPath } from "../src/project";
import type { Figures } from "./claim-pages";
import { figure } from "./notebook";
import type { SitePage } from "./site-page";

const PATH = "report.html";

/** The report as a page of the site; figures are pictures beside it, where the report alone holds them itself. */
export async function makeReportPage({ names, take }: Figures): Promise<SitePage> {
  const { body } = await reportBody();
  const pictured = body.replace(
    /<figure id="figure-([\w-]+)"><div class="picture( wide)?".*?<\/svg><\/div>/gs,
    (whole, name: string, wide?: string) => {
      if (!names.includes(name)) return whole;
      const read = (ending: string) =>
        readFileSync(projectPath("figures", `${name}.${ending}`), "utf8");
      const { layout } = JSON.parse(read("json"));
      const picture = figure(take(name, PATH), read("svg"), layout.meta.alt);
      return `<figure id="figure-${name}">${wide ? `<div class="wide">${picture}</div>` : picture}`;
    },
  );
  return {
    path: PATH,
    title: "The report",
    body: pictured,
    group: "Results",
    scripts: ["sort.js"],
  };
}
