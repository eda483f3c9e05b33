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
  readonly #hyphenated: HyphenatedNames;
  #tokens = 0;

  constructor(text: string, agents: ReadonlySet<string>) {
    super(OPTIONS, text, 0);
    this.#agents = agents;
    this.#hyphenated = hyphenatedOf(agents);
  }

  override finishToken(type: TokenType, value: string): void {
    if (++this.#tokens > MAX_TOKENS) throw new RangeError('too many tokens');
    super.finishToken(type, value);
  }

  override readWord(): void {
    const previous = this.type;
    if (previous !== tokTypes.dot && previous !== tokTypes.questionDot) {
      const name = knownName(this.input, this.pos, this.#agents, this.#hyphenated, previous === tokTypes.bitwiseOR);
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

/** What telling hyphenated names takes: how long they are, and how long the longest is. */
export interface HyphenatedNames {
  readonly lengths: ReadonlySet<number>;
  readonly longest: number;
}

const known = new WeakMap<ReadonlySet<string>, { readonly size: number; readonly hyphenated: HyphenatedNames }>();

/** Worked out once for the names of a file, which has many expressions. */
export function hyphenatedOf(agents: ReadonlySet<string>): HyphenatedNames {
  const found = known.get(agents);
  if (found?.size === agents.size) return found.hyphenated;
  const lengths = new Set<number>();
  let longest = 0;
  for (const name of agents) {
    if (!name.includes('-')) continue;
    lengths.add(name.length);
    longest = Math.max(longest, name.length);
  }
  known.set(agents, { size: agents.size, hyphenated: { lengths, longest } });
  return { lengths, longest };
}

function knownName(
  text: string,
  at: number,
  agents: ReadonlySet<string>,
  hyphenated: HyphenatedNames,
  afterPipe: boolean,
): string | undefined {
  const name = longestName(text, at, agents, hyphenated);
  if (name !== undefined) return name;
  const word = /^[\w$]+/.exec(text.slice(at, at + 64))?.[0] ?? '';
  if (afterPipe && word === 'default') return word;
  return agents.has(word) && !OPERATOR_WORDS.has(word) ? word : undefined;
}

/** The longest known hyphenated name that starts at `at` and ends where an identifier may end: on either side of a hyphen, or where no name goes on. */
export function longestName(
  text: string,
  at: number,
  agents: ReadonlySet<string>,
  { lengths, longest }: HyphenatedNames,
): string | undefined {
  if (longest === 0) return undefined;
  const run = NAME_RUN.exec(text.slice(at, at + longest + 1))?.[0] ?? '';
  for (let hyphen = run.lastIndexOf('-'), end = run.length; hyphen > 0; end = hyphen, hyphen = run.lastIndexOf('-', end - 1)) {
    for (const length of [end, hyphen + 1]) {
      if (lengths.has(length) && agents.has(run.slice(0, length))) return run.slice(0, length);
    }
  }
  return undefined;
}
