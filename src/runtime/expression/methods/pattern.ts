import type { Expression } from '../../../program/expression.ts';
import { failure } from '../../failure.ts';
import { spendText } from '../limits.ts';

/** The longest text, by the degree of a regular expression: some 10⁸ steps of backtracking at worst, a fraction of a second. */
const LONGEST = { 1: 1_048_576, 2: 15_000, 3: 500 } as const;

/** A regular expression of the program with the length of text that it may meet. It never leaves the call that it is written in. */
export class Pattern {
  readonly global: boolean;
  private readonly regex: RegExp;
  private readonly degree: 1 | 2 | 3;

  constructor(regex: RegExp, degree: 1 | 2 | 3) {
    this.regex = regex;
    this.degree = degree;
    this.global = regex.global;
  }

  /** The expression from its beginning, ready for `text`; throws `EXPRESSION_LIMIT` for a text that it could take too long with. */
  on(text: string): RegExp {
    const longest = LONGEST[this.degree];
    if (text.length > longest) {
      const why = this.degree === 1 ? '' : ': its repetitions could take very long. Cut the text with .slice(), or use .split()';
      throw failure('EXPRESSION_LIMIT', `the regular expression ${this.regex} takes at most ${longest} characters${why}`);
    }
    // A match may take length^degree steps in all; a thousand characters at the first degree are one of ours.
    for (let degree = 0, length = text.length; degree < this.degree; degree++, length *= text.length) spendText(Math.min(length, 2 ** 24));
    this.regex.lastIndex = 0;
    return this.regex;
  }
}

export function buildPattern(node: Extract<Expression, { type: 'regex' }>): Pattern {
  return new Pattern(new RegExp(node.pattern, node.flags), node.degree);
}
