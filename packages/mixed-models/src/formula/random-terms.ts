// lme4's `expandDoubleVerts` and `expandSlash` (lme4 1.1-31, R/utilities.R).
import { expandTerms, type TermList } from "./expand-terms";
import { type Bar, type Expression, labelOf, partsOf, unwrap } from "./expression";
import { formulaError } from "./formula-error";

/** Effects that vary by group. */
export interface RandomTerm {
  /** The group's name, such as `g` or, for `k` within `g`, `k:g`. */
  readonly group: string;
  /** The factors whose combinations are the groups. */
  readonly factors: readonly Expression[];
  readonly effects: TermList;
}

/**
 * Expands one `(effects | group)`: `||` into a term for each effect, `/` into nested groups.
 *
 * As in lme4, `||` parts terms, not the columns of a factor.
 *
 * @throws UserError with a caret where the effects or the group cannot be read.
 */
export function expandBar(text: string, bar: Bar): RandomTerm[] {
  const effects = expandTerms(text, bar.effects);
  if (!effects.intercept && effects.terms.length === 0) {
    throw formulaError(text, bar.effects.at, "expected an effect that varies by group, such as 1");
  }
  const groups = nestGroups(splitNesting(text, bar.group));
  return (bar.uncorrelated ? separate(effects) : [effects]).flatMap((each) =>
    groups.map((group) => {
      return { group: nameOf(group), factors: factorsOf(text, group), effects: each };
    }),
  );
}

// R quotes names inside expressions only.
function nameOf(group: Expression): string {
  return group.kind === "name" ? group.name : labelOf(group);
}

function separate(effects: TermList): TermList[] {
  const slopes = effects.terms.map((term) => ({
    intercept: false,
    variables: term.map((position) => effects.variables[position]!),
    terms: [term.map((_, position) => position)],
  }));
  return effects.intercept ? [{ intercept: true, variables: [], terms: [] }, ...slopes] : slopes;
}

// The parts of `a/b/c`, outermost first.
function splitNesting(text: string, group: Expression): Expression[] {
  if (group.kind === "binary" && group.operator === "/") {
    return [...splitNesting(text, group.left), ...splitNesting(text, group.right)];
  }
  if (group.kind === "paren" && unwrap(group).kind === "binary") {
    refuseSlash(text, group);
  }
  return [group];
}

function refuseSlash(text: string, group: Expression): void {
  if (group.kind === "binary" && group.operator === "/") {
    throw formulaError(text, group.at, "'/' cannot stand in parentheses here; write a/b/c");
  }
  if (group.kind !== "call") for (const part of partsOf(group)) refuseSlash(text, part);
}

// `a`, `b`, `c` become `c:(b:a)`, `b:a`, `a`.
function nestGroups(parts: readonly Expression[]): Expression[] {
  const groups: Expression[] = [];
  for (const part of parts) {
    const [outer] = groups;
    const { at } = part;
    const operator = ":";
    groups.unshift(outer ? { kind: "binary", operator, left: part, right: outer, at } : part);
  }
  return groups;
}

function factorsOf(text: string, group: Expression): Expression[] {
  const inner = unwrap(group);
  if (inner.kind === "name" || inner.kind === "call") return [inner];
  if (inner.kind === "binary" && inner.operator === ":") {
    return [...factorsOf(text, inner.left), ...factorsOf(text, inner.right)];
  }
  const advice = "expected a grouping column; join columns with ':' or '/', as in (1 | g/k)";
  throw formulaError(text, inner.at, advice);
}
