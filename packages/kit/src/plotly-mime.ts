/** MIME type of a plotly figure in a notebook's outputs. */
export const PLOTLY_MIME = "application/vnd.plotly.v1+json";
