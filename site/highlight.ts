// Colours code while the site is built, by TextMate's grammars (mini-shiki, which typedoc brings). Tokens get classes of
// one letter, whose colours the style sheet holds for light and dark.
import {
  bundledLanguages,
  codeToTokensWithThemes,
  createOnigurumaEngine,
  createShikiInternal,
  loadBuiltinWasm,
} from "@gerrit0/mini-shiki";
import { escapeMarkup } from "kit";

/** Writes code as markup; a language that is not known is left plain. */
export type Highlight = (code: string, language: string) => string;

const KINDS = {
  "#00000c": { name: "c", scope: ["comment"] },
  "#00000f": { name: "f", scope: ["entity.name.function", "support.function"] },
  "#00000b": { name: "n", scope: ["constant.numeric", "constant.language"] },
  "#00000d": { name: "k", scope: ["keyword", "storage", "variable.language"] },
  "#00000e": { name: "s", scope: ["string", "string.quoted", "punctuation.definition.string"] },
  "#00000a": { name: "p", scope: ["keyword.operator", "punctuation"] },
} as const;

const THEME = {
  name: "kinds",
  type: "light",
  colors: { "editor.foreground": "#000000", "editor.background": "#ffffff" },
  settings: [
    { settings: { foreground: "#000000", background: "#ffffff" } },
    ...Object.entries(KINDS).map(([foreground, { scope }]) => ({
      scope: [...scope],
      settings: { foreground },
    })),
  ],
} as const;

const LANGUAGES: Readonly<Record<string, keyof typeof bundledLanguages>> = {
  ts: "typescript",
  typescript: "typescript",
  js: "typescript",
  json: "json",
  jsonc: "json",
  sh: "shellscript",
  bash: "shellscript",
  r: "r",
  R: "r",
  python: "python",
};

/** Loads the grammars. */
export async function loadHighlight(): Promise<Highlight> {
  await loadBuiltinWasm();
  const names = [...new Set(Object.values(LANGUAGES))];
  const shiki = await createShikiInternal({
    engine: await createOnigurumaEngine(),
    langs: names.map((name) => bundledLanguages[name]),
    themes: [{ ...THEME, settings: [...THEME.settings] }],
  });
  return (code, language) => {
    const lang = LANGUAGES[language];
    if (lang === undefined) return escapeMarkup(code);
    const lines = codeToTokensWithThemes(shiki, code, { lang, themes: { only: "kinds" } });
    return lines
      .map((tokens) =>
        tokens.map(({ content, variants }) => mark(content, variants.only?.color)).join(""),
      )
      .join("\n");
  };
}

function mark(text: string, color: string | undefined): string {
  const kind = KINDS[color?.toLowerCase() as keyof typeof KINDS]?.name;
  const shown = escapeMarkup(text);
  return kind === undefined || text.trim() === "" ? shown : `<i class="${kind}">${shown}</i>`;
}
