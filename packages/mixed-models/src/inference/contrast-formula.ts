import { didYouMean, listNames, UserError } from "kit";

/** One contrast: its name and a weight for every mean. */
export interface ContrastWeights {
  readonly name: string;
  readonly weights: readonly number[];
}

/**
 * Reads a contrast of means as it is written: `llm - (human + ecs)/2`, `2*a - b - c`, or with a name `machines = llm - human`.
 *
 * Means are named by their labels, which may hold spaces and hyphens: the longest label that stands at a place is taken, and
 * backquotes mark one that would be read in another way. Numbers multiply and divide; `+`, `-` and brackets are as usual.
 *
 * @param labels names of the means.
 * @returns the weight of every mean; not checked for their sum.
 * @throws UserError with a caret where something is not a label, a number, an operator or a bracket.
 *
 * @example
 * readContrast("a - (b + c)/2", ["a", "b", "c"]).weights; // => [1, -0.5, -0.5]
 */
export function readContrast(text: string, labels: readonly string[]): ContrastWeights {
  const named = /^\s*([^=`]*?)\s*=(.*)$/s.exec(text);
  const isName = named?.[1] && !labels.some((label) => label.includes("="));
  const reader = new ContrastReader(text, isName ? text.length - named[2]!.length : 0, labels);
  const weights = reader.read();
  return { name: isName ? named[1]! : text.trim(), weights };
}

/** A linear function of the means: a weight for each, and a number without a mean. */
interface Linear {
  readonly weights: readonly number[];
  readonly constant: number;
}

class ContrastReader {
  private readonly longestFirst: readonly string[];

  constructor(
    private readonly text: string,
    private at: number,
    private readonly labels: readonly string[],
  ) {
    this.longestFirst = [...labels].sort((left, right) => right.length - left.length);
  }

  read(): readonly number[] {
    const start = this.at;
    const { weights, constant } = this.readSum();
    if (this.at < this.text.length) this.refuse("expected +, -, * or / here");
    if (constant !== 0) {
      this.at = start;
      this.refuse(`a contrast is of means; this adds the number ${constant}`);
    }
    return weights;
  }

  private readSum(): Linear {
    let sum = this.readProduct();
    for (let sign = this.take("+-"); sign; sign = this.take("+-")) {
      sum = add(sum, times(this.readProduct(), sign === "+" ? 1 : -1));
    }
    return sum;
  }

  private readProduct(): Linear {
    let product = this.readSigned();
    for (;;) {
      const operator = this.take("*/");
      if (!operator) return product;
      this.skipSpace();
      const place = this.at;
      const other = this.readSigned();
      const [number, linear] = isNumber(other) ? [other, product] : [product, other];
      if (!isNumber(number) || (operator === "/" && number !== other)) {
        this.at = place;
        this.refuse("means are multiplied and divided by numbers only");
      }
      if (operator === "/" && number.constant === 0) {
        this.at = place;
        this.refuse("this divides by zero");
      }
      product = times(linear, operator === "*" ? number.constant : 1 / number.constant);
    }
  }

  private readSigned(): Linear {
    const sign = this.take("+-");
    return sign ? times(this.readSigned(), sign === "-" ? -1 : 1) : this.readAtom();
  }

  private readAtom(): Linear {
    if (this.take("(")) {
      const inner = this.readSum();
      if (!this.take(")")) this.refuse("expected ) here");
      return inner;
    }
    const label = this.takeLabel();
    const zero = this.labels.map(() => 0);
    if (label !== undefined) {
      zero[this.labels.indexOf(label)] = 1;
      return { weights: zero, constant: 0 };
    }
    const number = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?(?![\w.])/i.exec(this.text.slice(this.at));
    if (!number) this.refuseWord();
    this.at += number[0].length;
    return { weights: zero, constant: Number(number[0]) };
  }

  private takeLabel(): string | undefined {
    this.skipSpace();
    const rest = this.text.slice(this.at);
    const quoted = /^`([^`]*)`/.exec(rest);
    if (quoted) {
      if (!this.labels.includes(quoted[1]!)) this.refuseUnknown(quoted[1]!);
      this.at += quoted[0].length;
      return quoted[1];
    }
    const found = this.longestFirst.find(
      (label) => label !== "" && rest.startsWith(label) && !isWithinWord(label, rest[label.length]),
    );
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private take(characters: string): string | undefined {
    this.skipSpace();
    const next = this.text[this.at];
    if (next === undefined || !characters.includes(next)) return undefined;
    this.at++;
    return next;
  }

  private skipSpace(): void {
    while (/\s/.test(this.text[this.at] ?? "")) this.at++;
  }

  private refuseWord(): never {
    const word = /^[^\s()+*/`]+/.exec(this.text.slice(this.at))?.[0];
    if (word === undefined || /^-/.test(word)) this.refuse("expected the label of a mean here");
    return this.refuseUnknown(word);
  }

  private refuseUnknown(word: string): never {
    const advice = didYouMean(word, this.labels) || `; the means are ${listNames(this.labels)}`;
    return this.refuse(`'${word}' is not one of the means${advice}`);
  }

  private refuse(fault: string): never {
    throw new UserError(`the contrast '${this.text.trim()}', character ${this.at + 1}: ${fault}`);
  }
}

// A label that ends in a letter or digit ends where the next character is none.
function isWithinWord(label: string, next: string | undefined): boolean {
  return next !== undefined && /[\p{L}\p{N}_]$/u.test(label) && /[\p{L}\p{N}_]/u.test(next);
}

function isNumber({ weights }: Linear): boolean {
  return weights.every((weight) => weight === 0);
}

function add(left: Linear, right: Linear): Linear {
  return {
    weights: left.weights.map((weight, at) => weight + right.weights[at]!),
    constant: left.constant + right.constant,
  };
}

function times({ weights, constant }: Linear, by: number): Linear {
  return { weights: weights.map((weight) => weight * by), constant: constant * by };
}
