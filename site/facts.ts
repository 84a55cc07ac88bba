import { escapeMarkup } from "kit";

/** A list of facts, each under its name; those without a value are left out. */
export function factList(facts: Readonly<Record<string, string | undefined>>): string {
  const items = Object.entries(facts).flatMap(([name, value]) => {
    if (value === undefined || value === "") return [];
    return [`<dt>${escapeMarkup(name)}</dt><dd>${formatFact(value)}</dd>`];
  });
  return `<dl class="built">${items.join("\n")}</dl>`;
}

// Registries write code between backticks, as documents do.
function formatFact(value: string): string {
  return escapeMarkup(value)
    .replace(/`([^`]+)`/g, "<code>$1</code>")
    .replace(/https?:\/\/[^\s<>")]+[^\s<>").,;:]/g, '<a href="$&">$&</a>')
    .replace(/\barXiv[: ](\d{4}\.\d{4,5})(?!\d)/g, '<a href="https://arxiv.org/abs/$1">$&</a>');
}
