/** One plotly trace; its fields are plotly's own (plotly.com/javascript/reference). */
export interface PlotlyTrace {
  readonly type: string;
  readonly [attribute: string]: unknown;
}

/** A plotly layout; its fields are plotly's own. */
export interface PlotlyLayout {
  readonly width: number;
  readonly height: number;
  readonly [attribute: string]: unknown;
}

/** What a figure is called. */
export interface FigureName {
  /** Name of its files, `NN-name`, where NN is the notebook's number. */
  readonly id: string;
  /** What the figure shows, as a sentence. */
  readonly title: string;
}

/** The parts of a figure: what it shows in words, and the traces and the layout that show it. */
export interface FigureParts extends FigureName {
  /** What a reader who cannot see it needs to know. */
  readonly alt: string;
  readonly traces: readonly PlotlyTrace[];
  readonly layout: PlotlyLayout;
}

/** A figure as plotly draws it and notebooks store it: plain JSON. */
export interface PlotlySpec {
  readonly data: readonly PlotlyTrace[];
  readonly layout: PlotlyLayout & {
    readonly meta: {
      readonly figure: string;
      readonly alt: string;
      /** The title of a figure that does not show it. */
      readonly title?: string;
    };
  };
  readonly config: Readonly<Record<string, unknown>>;
}
