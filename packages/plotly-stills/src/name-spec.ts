import { UserError } from "kit";
import type { PlotlyLayout, PlotlySpec } from "./figure";

/** A spec that can be drawn, and whether it belongs to the study's own figures. */
interface NamedSpec {
  readonly spec: PlotlySpec;
  readonly isNamed: boolean;
  readonly title: string;
}

const NAME = /^\d\d-[a-z0-9]+(-[a-z0-9]+)*$/;
const UNNAMED = "figure";
const SIZE = { width: 700, height: 450 };

/**
 * Completes a plotly spec of any origin to one that can be drawn: a name, a size, a title, a description.
 *
 * @throws UserError if it names itself otherwise than `NN-name`, or holds no traces.
 */
export function nameSpec(given: Partial<PlotlySpec>): NamedSpec {
  if (!Array.isArray(given?.data)) {
    throw new UserError(
      "the figure has no list of traces; give it as { data: [ … ], layout: { … } }",
    );
  }
  const layout = (given.layout ?? {}) as Partial<PlotlyLayout>;
  const title = titleOf(layout);
  const meta = (layout.meta ?? {}) as Partial<PlotlySpec["layout"]["meta"]>;
  if (meta.figure !== undefined && !NAME.test(meta.figure)) {
    throw new UserError(`the figure's name '${meta.figure}' should look like 01-emotions`);
  }
  const spec = {
    config: {},
    ...given,
    data: given.data,
    layout: {
      ...SIZE,
      ...layout,
      ...(typeof layout.title === "string" ? { title: { text: layout.title } } : {}),
      meta: { ...meta, figure: meta.figure ?? UNNAMED, alt: meta.alt ?? "No description." },
    },
  };
  return { spec, isNamed: meta.figure !== undefined, title };
}

/** The title of a layout as plain text, shown or not; "Untitled figure" where it has none. */
export function titleOf(layout: Partial<PlotlyLayout>): string {
  const { title, meta } = layout as {
    title?: string | { text?: string };
    meta?: { title?: string };
  };
  const text = meta?.title ?? (typeof title === "string" ? title : title?.text);
  return (text ?? "Untitled figure").replace(/<br>/g, " ").replace(/<[^>]*>/g, "");
}
