import { type Expression as EsExpression, type Options, Parser, type TokenType, tokTypes } from 'acorn';

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
  readonly #longest: number;

  constructor(text: string, agents: ReadonlySet<string>) {
    super(OPTIONS, text, 0);
    this.#agents = agents;
    this.#longest = longestOf(agents);
  }

  override readWord(): void {
    const previous = this.type;
    if (previous !== tokTypes.dot && previous !== tokTypes.questionDot) {
      const name = knownName(this.input, this.pos, this.#agents, this.#longest, previous === tokTypes.bitwiseOR);
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

const longests = new WeakMap<ReadonlySet<string>, { readonly size: number; readonly longest: number }>();

/** `longestHyphenated`, once for the names of a file, which has many expressions. */
function longestOf(agents: ReadonlySet<string>): number {
  const known = longests.get(agents);
  if (known?.size === agents.size) return known.longest;
  const longest = longestHyphenated(agents);
  longests.set(agents, { size: agents.size, longest });
  return longest;
}

function knownName(text: string, at: number, agents: ReadonlySet<string>, longest: number, afterPipe: boolean): string | undefined {
  const hyphenated = longestName(text, at, agents, longest);
  if (hyphenated !== undefined) return hyphenated;
  const word = /^[\w$]+/.exec(text.slice(at, at + 64))?.[0] ?? '';
  if (afterPipe && word === 'default') return word;
  return agents.has(word) && !OPERATOR_WORDS.has(word) ? word : undefined;
}

/** The length of the longest name with a hyphen; 0 when there is none. */
export function longestHyphenated(agents: ReadonlySet<string>): number {
  let longest = 0;
  for (const name of agents) if (name.includes('-')) longest = Math.max(longest, name.length);
  return longest;
}

/** The longest known hyphenated name that starts at `at` and ends where an identifier may end. `longest` is {@link longestHyphenated}. */
export function longestName(text: string, at: number, agents: ReadonlySet<string>, longest: number): string | undefined {
  if (longest === 0) return undefined;
  let candidate = NAME_RUN.exec(text.slice(at, at + longest + 1))?.[0] ?? '';
  while (candidate.includes('-')) {
    if (agents.has(candidate)) return candidate;
    candidate = candidate.replace(/(?:-|[\w$]+)$/, '');
  }
  return undefined;
}
