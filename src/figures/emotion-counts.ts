import {
  axisSuffix,
  barFill,
  NAME_AXIS,
  type PlotlySpec,
  styleOf,
  toPlotlySpec,
  VALUE_AXIS,
} from "plotly-stills";

/** How many dialogues recount one emotion. */
export interface EmotionCount {
  readonly emotion: string;
  /** The group that the emotion belongs to; each group has a panel of its own. */
  readonly sentiment: string;
  /** Number of dialogues. */
  readonly dialogues: number;
}

const ROW_PX = 21;
const PANEL_GAP_PX = 38;
const TOP_PX = 92;
const BOTTOM_PX = 62;

/**
 * Shows how many dialogues there are for each emotion, one panel a sentiment, largest first.
 *
 * @param rows one row an emotion; the panels come in the order in which sentiments first appear.
 * @param corpus what the dialogues are, for title and axis, such as "EmpatheticDialogues test dialogues".
 */
export function emotionCountsFigure(rows: readonly EmotionCount[], corpus: string): PlotlySpec {
  const panels = [...new Set(rows.map((row) => row.sentiment))].map((sentiment) => ({
    sentiment,
    rows: rows.filter((row) => row.sentiment === sentiment).sort(byCount),
  }));
  const plotPx = rows.length * ROW_PX + (panels.length - 1) * PANEL_GAP_PX;
  const counts = rows.map((row) => row.dialogues);
  const range = `${Math.min(...counts)} to ${Math.max(...counts)}`;
  const axes: Record<string, unknown> = {};
  const annotations: unknown[] = [];
  let usedPx = 0;
  const traces = panels.map((panel, index) => {
    const suffix = axisSuffix(index);
    const top = 1 - usedPx / plotPx;
    usedPx += panel.rows.length * ROW_PX;
    const bottom = Math.max(0, 1 - usedPx / plotPx);
    usedPx += PANEL_GAP_PX;
    axes[`yaxis${suffix}`] = { ...NAME_AXIS, domain: [bottom, top], autorange: "reversed" };
    annotations.push(panelHeading(panel, top));
    return bars(panel.rows, index, suffix);
  });
  return toPlotlySpec({
    id: "01-emotions",
    title: `The ${corpus} cover ${rows.length} emotions, ${range} each`,
    alt: describe(panels, corpus),
    traces,
    layout: {
      width: 760,
      height: TOP_PX + plotPx + BOTTOM_PX,
      margin: { l: 116, r: 30, t: TOP_PX, b: BOTTOM_PX },
      bargap: 0.25,
      xaxis: {
        ...VALUE_AXIS,
        title: { text: `number of ${corpus}` },
        range: [0, Math.max(...counts) * 1.08],
        anchor: panels.length === 1 ? "y" : `y${panels.length}`,
      },
      ...axes,
      annotations,
    },
  });
}

interface Panel {
  readonly sentiment: string;
  readonly rows: readonly EmotionCount[];
}

function byCount(left: EmotionCount, right: EmotionCount): number {
  return right.dialogues - left.dialogues || (left.emotion < right.emotion ? -1 : 1);
}

function bars(rows: readonly EmotionCount[], index: number, suffix: string) {
  const name = rows[0]?.sentiment as string;
  const style = styleOf(name, index);
  return {
    type: "bar",
    orientation: "h",
    name,
    x: rows.map((row) => row.dialogues),
    y: rows.map((row) => row.emotion),
    yaxis: `y${suffix}`,
    marker: barFill(style),
    text: rows.map((row) => String(row.dialogues)),
    textposition: "outside",
    textfont: { size: 12 },
    constraintext: "none",
    cliponaxis: false,
    hovertemplate: `%{y}: %{x} dialogues<extra>${name}</extra>`,
  };
}

function panelHeading(panel: Panel, top: number) {
  return {
    text: `<b>${panel.sentiment}</b>: ${total(panel)} dialogues, ${panel.rows.length} emotions`,
    showarrow: false,
    xref: "paper",
    yref: "paper",
    x: 0,
    xanchor: "left",
    y: top,
    yanchor: "bottom",
  };
}

function describe(panels: readonly Panel[], corpus: string): string {
  const sentences = panels.map((panel) => {
    const [most, least] = [panel.rows[0], panel.rows.at(-1)] as [EmotionCount, EmotionCount];
    return (
      `${panel.sentiment}, ${total(panel)} dialogues: from ${most.emotion} (${most.dialogues}) ` +
      `down to ${least.emotion} (${least.dialogues}).`
    );
  });
  return (
    `Horizontal bars: number of ${corpus} for each emotion, by sentiment (a grouping inferred from the ` +
    `study's counts). ${sentences.join(" ")}`
  );
}

function total(panel: Panel): string {
  const sum = panel.rows.reduce((running, row) => running + row.dialogues, 0);
  return sum.toLocaleString("en-US");
}
