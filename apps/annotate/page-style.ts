/** The raters' page's style: readable on a phone, on a screen and in print. */
export const PAGE_STYLE = `
:root { color-scheme: light; --ink: #1c1c1c; --line: #767676; --accent: #0b4f7d; }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: #fff; margin: 0 auto; max-width: 52rem; padding: .6rem 1rem 3rem; }
h1 { font-size: 1.4rem; margin: .4rem 0; } h2 { font-size: 1.1rem; margin: 1rem 0 .4rem; } h3 { font-size: 1rem; margin: .8rem 0 .2rem; }
[hidden] { display: none !important; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
progress { width: 100%; height: .8rem; accent-color: var(--accent); }
.note { border-left: 4px solid var(--accent); padding: .4rem .8rem; background: #f2f7fa; }
.said { margin: 0; } .said dt { font-weight: 600; color: #444; font-size: .9rem; } .said dd { margin: 0 0 .5rem; }
.said dd, .reply { white-space: pre-wrap; overflow-wrap: anywhere; }
.reply { border: 2px solid var(--accent); border-radius: .4rem; padding: .6rem .8rem; margin: .3rem 0 1rem; font-size: 1.06rem; }
fieldset { border: 1px solid var(--line); border-radius: .4rem; margin: 0 0 .7rem; padding: .4rem .7rem .6rem; }
fieldset.at-hand { border-color: var(--accent); box-shadow: -5px 0 0 var(--accent); }
legend { font-weight: 600; padding: 0 .3rem; } .levels { display: grid; grid-template-columns: repeat(3, 1fr); gap: .5rem; }
.levels label { border: 1px solid var(--line); border-radius: .3rem; padding: .5rem; cursor: pointer; min-height: 44px; }
.levels label:has(:checked) { border-color: var(--accent); background: #e3eff7; box-shadow: inset 0 0 0 1px var(--accent); }
kbd { border: 1px solid var(--line); border-radius: .2rem; padding: 0 .35em; font: .85em ui-monospace, monospace; background: #fff; }
.row { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; margin: .6rem 0; }
button, input[type="text"] { font: inherit; padding: .5rem .9rem; min-height: 44px; border: 1px solid var(--line); border-radius: .3rem; background: #fff; color: inherit; max-width: 100%; }
button.main { background: var(--accent); border-color: var(--accent); color: #fff; }
button[aria-disabled="true"] { background: #eee; color: #595959; border-color: #ccc; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .93rem; }
fieldset p { margin: 0 0 .4rem; } th[scope="row"] { white-space: nowrap; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem; border-bottom: 1px solid #d0d0d0; }
summary { cursor: pointer; font-weight: 600; padding: .5rem 0; }
@media (max-width: 30rem) { .levels { grid-template-columns: 1fr; } td:last-child { min-width: 9rem; } }
@media print { button, progress, .keys, .row { display: none !important; } body { max-width: none; font-size: 10.5pt; } fieldset, .reply { break-inside: avoid; } }
`;
