/** The report's style: readable on a phone, on a screen and in print. */
export const PAGE_STYLE = `
:root { color-scheme: light; --ink: #1c1c1c; --line: #d0d0d0; --accent: #0b4f7d; }
* { box-sizing: border-box; }
body { font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: #fff; margin: 0 auto; max-width: 66rem; padding: 1rem 1.2rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.25; } h2 { font-size: 1.3rem; margin-top: 2.4rem; border-top: 1px solid var(--line); padding-top: 1rem; }
a { color: var(--accent); } p { max-width: 46rem; }
.note { border-left: 4px solid var(--accent); padding: .4rem .9rem; background: #f2f7fa; }
.scroll { overflow-x: auto; margin: 1rem 0; } table { border-collapse: collapse; min-width: 100%; font-size: .92rem; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { text-align: left; padding: .32rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th button { font: inherit; font-weight: 600; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: left; }
th[aria-sort="ascending"] button::after { content: " ▲"; } th[aria-sort="descending"] button::after { content: " ▼"; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
figure { margin: 1.6rem 0; } figure .picture { overflow-x: auto; } figure .picture svg { max-width: 100%; min-width: 40rem; height: auto; } figcaption { font-size: .9rem; color: #444; max-width: 46rem; }
nav ol { display: flex; flex-wrap: wrap; gap: .1rem 1rem; padding: 0; margin: .4rem 0; list-style: none; font-size: .92rem; } h3 { font-size: 1.08rem; margin: 1.8rem 0 .3rem; }
dl.built { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; max-width: 46rem; } dl.built dt { font-weight: 600; } dl.built dd { margin: 0; overflow-wrap: anywhere; }
.lead { font-size: 1.15rem; max-width: 46rem; }
code { background: #f3f3f3; padding: .1em .3em; } pre { background: #f3f3f3; padding: .8rem; overflow-x: auto; }
details { margin: .3rem 0; } summary { cursor: pointer; }
@media screen and (max-width: 40rem) {
  dl.built { grid-template-columns: 1fr; } dl.built dd { margin-bottom: .4rem; }
  .sortable thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .sortable, .sortable tbody, .sortable tr, .sortable caption { display: block; }
  .sortable tr { border: 1px solid var(--line); border-radius: .4rem; margin: .6rem 0; padding: .3rem .5rem; }
  .sortable td { display: grid; grid-template-columns: 8.5rem 1fr; gap: .6rem; border: 0; padding: .12rem 0; text-align: left; white-space: normal; overflow-wrap: anywhere; }
  .sortable td::before { content: attr(data-label); color: #555; }
  .sortable td.empty { display: none; }
}
@media print { body { max-width: none; font-size: 10.5pt; } section, figure, tr { break-inside: avoid; } .scroll, figure .picture { overflow: visible; } figure .picture svg { min-width: 0; } }
`;
