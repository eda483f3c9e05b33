import type { Expression } from '../../../program/expression.ts';
import { failure } from '../../failure.ts';
import { MAX_STRING, work } from '../limits.ts';

/** Steps of backtracking that one match may take at worst, each about a nanosecond. */
const MAX_MATCH = 25_000_000;

type RegexNode = Extract<Expression, { type: 'regex' }>;

/** A regular expression of the program with the length of text that it may meet. It never leaves the call that it is written in. */
export class Pattern {
  readonly global: boolean;
  private readonly regex: RegExp;
  private readonly degree: 1 | 2 | 3;
  private readonly weight: number;
  private readonly longest: number;

  constructor({ pattern, flags, degree, weight = 1 }: RegexNode) {
    this.regex = new RegExp(pattern, flags);
    this.global = this.regex.global;
    this.degree = degree;
    this.weight = weight;
    this.longest = Math.min(MAX_STRING, Math.floor((MAX_MATCH / weight) ** (1 / degree)));
  }

  /** The expression from its beginning, ready for `text`; throws `EXPRESSION_LIMIT` for a text that it could take too long with. */
  on(text: string): RegExp {
    const { longest } = this;
    if (text.length > longest) {
      const why = longest === MAX_STRING ? '' : ': its repetitions could take very long. Cut the text with .slice(), or use .split()';
      throw failure('EXPRESSION_LIMIT', `the regular expression ${this.regex} takes at most ${longest} characters${why}`);
    }
    work(100 + this.weight * text.length ** this.degree);
    this.regex.lastIndex = 0;
    return this.regex;
  }
}

export function buildPattern(node: RegexNode): Pattern {
  return new Pattern(node);
}
