import { type Expression as EsExpression, type Options, Parser, type TokenType, tokTypes } from 'acorn';
import { MAX_NODES } from '../../program/expression-vocabulary.ts';

/** The part of acorn's parser that its plugins work with; its declarations leave it out. */
interface ParserInternals {
  readonly input: string;
  readonly type: TokenType;
  pos: number;
  readonly start: number;
  nextToken(): void;
  parseExpression(): EsExpression;
  unexpected(): never;
  readWord(): void;
  checkUnreserved(reference: { readonly name: string }): void;
  finishToken(type: TokenType, value: string): void;
}
type ParserClass = new (options: Options, input: string, position: number) => ParserInternals;

const OPTIONS: Options = { ecmaVersion: 2024, sourceType: 'script' };
/** No expression of as many nodes as are allowed has more: `key: value,` is four for one node. */
export const MAX_TOKENS = 5 * MAX_NODES;
const NAME_RUN = /^[\w$]+(?:-[\w$-]*)?/;
/** JavaScript's own words that an agent's name cannot take back, since an expression may begin with them. */
export const OPERATOR_WORDS: ReadonlySet<string> = new Set(['in', 'instanceof', 'new', 'null', 'this', 'true', 'false', 'typeof', 'void']);

/**
 * Parses the whole of `text` as one JavaScript expression, with three things of our own (LANGUAGE §3.1, §3.2): a hyphenated agent's name is
 * one name, the longest known one, but for a property after a dot; an agent may be called like a JavaScript keyword (`import.output`); and
 * after `|` any word is a name (`| default(1)`). Throws acorn's SyntaxError with `pos`, or RangeError for nesting that acorn cannot take.
 */
export function parseWithAcorn(text: string, agents: ReadonlySet<string>): EsExpression {
  const parser = new NameParser(text, agents);
  parser.nextToken();
  const expression = parser.parseExpression();
  if (parser.type !== tokTypes.eof) parser.unexpected();
  return expression;
}

/** One class for all names: a class of its own for each set would have V8 learn acorn anew for every file. */
class NameParser extends (Parser as unknown as ParserClass) {
  readonly #agents: ReadonlySet<string>;
  readonly #lengths: readonly number[];
  #tokens = 0;

  constructor(text: string, agents: ReadonlySet<string>) {
    super(OPTIONS, text, 0);
    this.#agents = agents;
    this.#lengths = hyphenatedLengths(agents);
  }

  override finishToken(type: TokenType, value: string): void {
    if (++this.#tokens > MAX_TOKENS) throw new RangeError('too many tokens');
    super.finishToken(type, value);
  }

  override readWord(): void {
    const previous = this.type;
    if (previous !== tokTypes.dot && previous !== tokTypes.questionDot) {
      const name = knownName(this.input, this.pos, this.#agents, this.#lengths, previous === tokTypes.bitwiseOR);
      if (name !== undefined) {
        this.pos += name.length;
        this.finishToken(tokTypes.name, name);
        return;
      }
    }
    super.readWord();
  }

  override checkUnreserved(reference: { readonly name: string }): void {
    if (reference.name !== 'default' && !this.#agents.has(reference.name)) super.checkUnreserved(reference);
  }
}

const known = new WeakMap<ReadonlySet<string>, { readonly size: number; readonly lengths: readonly number[] }>();

/** The lengths that hyphenated names have, longest first: worked out once for the names of a file, which has many expressions. */
export function hyphenatedLengths(agents: ReadonlySet<string>): readonly number[] {
  const found = known.get(agents);
  if (found?.size === agents.size) return found.lengths;
  const lengths = new Set([...agents].filter((name) => name.includes('-')).map((name) => name.length));
  const sorted = [...lengths].sort((a, b) => b - a);
  known.set(agents, { size: agents.size, lengths: sorted });
  return sorted;
}

function knownName(
  text: string,
  at: number,
  agents: ReadonlySet<string>,
  lengths: readonly number[],
  afterPipe: boolean,
): string | undefined {
  const hyphenated = longestName(text, at, agents, lengths);
  if (hyphenated !== undefined) return hyphenated;
  const word = /^[\w$]+/.exec(text.slice(at, at + 64))?.[0] ?? '';
  if (afterPipe && word === 'default') return word;
  return agents.has(word) && !OPERATOR_WORDS.has(word) ? word : undefined;
}

/** The longest known hyphenated name that starts at `at` and ends where an identifier may end. `lengths` is {@link hyphenatedLengths}. */
export function longestName(text: string, at: number, agents: ReadonlySet<string>, lengths: readonly number[]): string | undefined {
  const [longest] = lengths;
  if (longest === undefined) return undefined;
  const run = NAME_RUN.exec(text.slice(at, at + longest + 1))?.[0] ?? '';
  for (const length of lengths) {
    if (length > run.length || !endsName(run, length)) continue;
    const candidate = run.slice(0, length);
    if (agents.has(candidate)) return candidate;
  }
  return undefined;
}

/** Whether a name may end at `end` of a run of names and hyphens: on either side of a hyphen, or with the run. */
function endsName(run: string, end: number): boolean {
  return end === run.length || run[end] === '-' || run[end - 1] === '-';
}
