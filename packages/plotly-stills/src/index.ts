export { type Bubble, type BubbleOptions, bubblePlot, type LinePoint } from "./bubble-plot";
export {
  type CaterpillarOptions,
  type CaterpillarRow,
  caterpillarPlot,
} from "./caterpillar-plot";
export type { FigureName, PlotlySpec, PlotlyTrace } from "./figure";
export { type FigureFiles, formatChecksums, renderFigureFiles } from "./figure-files";
export { type ForestOptions, type ForestRow, forestPlot } from "./forest-plot";
export { type FunnelOptions, type FunnelPoint, funnelPlot } from "./funnel-plot";
export { type MeanPoint, type MeansOptions, meansPlot, type Observation } from "./means-plot";
export { nameSpec, titleOf } from "./name-spec";
export {
  axisSuffix,
  bandBehind,
  type ErrorBarLook,
  errorBars,
  type Interval,
  LEGEND_ABOVE,
  referenceLine,
  type ShapePlace,
} from "./parts";
export { openPlotlyWindow } from "./plotly-window";
export { type Panel, type PanelPoint, type PointPanelOptions, pointPanels } from "./point-panels";
export {
  JOURNAL_WIDTHS_MM,
  PRINT_DPI,
  parsePrintWidth,
  SMALLEST_TEXT_PT,
} from "./print/print-size";
export { renderPdf } from "./print/render-pdf";
export { type PrintChoice, type Printed, printedPng, renderForPrint } from "./print/render-print";
export { listTextBoxes, type TextBox } from "./print/text-boxes";
export { renderPng } from "./render-png";
export { renderSvg } from "./render-svg";
export { type ResidualPlotOptions, type ResidualPoints, residualPlot } from "./residual-plot";
export { type Intersection, type SetOverlapOptions, setOverlapFigure } from "./set-overlap";
export {
  type Specification,
  type SpecificationCurveOptions,
  specificationCurve,
} from "./specification-curve";
export { lineExtent, textWidth } from "./text-metrics";
export {
  barFill,
  NAME_AXIS,
  SERIES_STYLES,
  styleOf,
  toPlotlySpec,
  uprightTitle,
  VALUE_AXIS,
} from "./theme";
