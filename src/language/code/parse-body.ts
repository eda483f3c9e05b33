import { type Program as Ast, Parser, tokTypes } from 'acorn';
import { findExpressionEnd } from '../expression/scan.ts';
import { type StringPart, scanStringHoles } from './string-holes.ts';

/**
 * What acorn hands a plugin (its documentation names these methods as the way to extend the tokenizer; its types leave them out).
 */
interface Tokenizer {
  input: string;
  pos: number;
  type: object;
  containsEsc: boolean;
  readToken(code: number): void;
  readString(quote: number): void;
  readWord(): void;
  finishToken(type: object, value: string): void;
  raise(at: number, message: string): never;
  parse(): Ast;
}
type TokenizerClass = new (options: object, text: string) => Tokenizer;

/** A hole in expression position. In the tree it is an identifier of the same extent, named `name`, which no JavaScript identifier can be. */
export interface CodeHole {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export interface ParsedBody {
  readonly ast: Ast;
  readonly holes: ReadonlyMap<string, CodeHole>;
  /** Literals that hold holes, by the offset of their opening quote; in the tree they are empty strings of the same extent. */
  readonly strings: ReadonlyMap<number, readonly StringPart[]>;
  /** Where hyphenated agent names were read as one identifier (LANGUAGE §3.2). */
  readonly hyphenated: ReadonlySet<number>;
}

export interface BodySyntax {
  /** Agent names with a hyphen. */
  readonly hyphenatedNames: readonly string[];
  /** Offsets at which a hyphen is a minus all the same. */
  readonly minusAt: ReadonlySet<number>;
  /** Whether a text `${…}` parses: see `scanStringHoles`. */
  isExpression(text: string): boolean;
}

/** A syntax error of the body: `at` is its offset there. */
export class BodySyntaxError extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** How the message of a hole without an end closes. */
export const NEVER_CLOSED = 'is never closed';

const DOLLAR = 36;
const BRACE = 123;
const ANGLE = 60;

const OPTIONS = { ecmaVersion: 'latest', sourceType: 'module', allowReturnOutsideFunction: true, allowHashBang: false };

/** What the parser of one body knows, and what it finds. */
interface Reading extends Pick<BodySyntax, 'minusAt' | 'isExpression'> {
  /** Agent names with a hyphen, the longest first. */
  readonly names: readonly string[];
  readonly holes: Map<string, CodeHole>;
  readonly strings: Map<number, readonly StringPart[]>;
  readonly hyphenated: Set<number>;
}

/** One class for all bodies: a class of its own for each would have V8 learn acorn anew each time. */
class BodyParser extends (Parser as unknown as TokenizerClass) {
  readonly #reading: Reading;

  constructor(text: string, reading: Reading) {
    super(OPTIONS, text);
    this.#reading = reading;
  }

  override readToken(code: number): void {
    const next = this.input.charCodeAt(this.pos + 1);
    if (code !== DOLLAR || (next !== BRACE && next !== ANGLE)) {
      super.readToken(code);
      return;
    }
    const start = this.pos;
    const end = findExpressionEnd(this.input, start);
    if (end === undefined) this.raise(start, `this ${this.input.slice(start, start + 2)} ${NEVER_CLOSED}`);
    const { holes } = this.#reading;
    const name = `\${${holes.size}}`;
    // Acorn may read a token twice (it does not today); a name stands for its place.
    holes.set(name, { name, start, end });
    this.pos = end;
    this.containsEsc = false;
    this.finishToken(tokTypes.name, name);
  }

  override readString(quote: number): void {
    const start = this.pos;
    const scan = scanStringHoles(this.input, start, this.#reading.isExpression);
    if (scan === undefined) {
      super.readString(quote);
      return;
    }
    this.#reading.strings.set(start, scan.parts);
    this.pos = scan.end;
    this.finishToken(tokTypes.string, '');
  }

  override readWord(): void {
    const start = this.pos;
    const member = this.type === tokTypes.dot || this.type === tokTypes.questionDot;
    const name =
      member || this.#reading.minusAt.has(start)
        ? undefined
        : this.#reading.names.find((known) => this.input.startsWith(known, start) && this.#endsAt(start + known.length));
    if (name === undefined) {
      super.readWord();
      return;
    }
    this.#reading.hyphenated.add(start);
    this.pos = start + name.length;
    this.containsEsc = false;
    this.finishToken(tokTypes.name, name);
  }

  #endsAt(offset: number): boolean {
    const code = this.input.codePointAt(offset);
    return code === undefined || !/[\p{ID_Continue}$\u200c\u200d]/u.test(String.fromCodePoint(code));
  }
}

/**
 * Parses the body of a `code:` agent as what it becomes, the inside of an async function in strict mode, with holes as part of the grammar: the tokenizer itself
 * reads them, so strings, comments, regular expressions and template literals are told apart by JavaScript's rules and not by guessing.
 * Because the body is parsed alone, no text in it can close the function around it.
 * @throws BodySyntaxError
 */
export function parseBody(text: string, syntax: BodySyntax): ParsedBody {
  const holes = new Map<string, CodeHole>();
  const strings = new Map<number, readonly StringPart[]>();
  const hyphenated = new Set<number>();
  const names = syntax.hyphenatedNames.toSorted((a, b) => b.length - a.length);
  try {
    const { minusAt, isExpression } = syntax;
    const ast = new BodyParser(text, { holes, strings, hyphenated, names, minusAt, isExpression }).parse();
    checkEscapes(text, strings);
    return { ast, holes, strings, hyphenated };
  } catch (error) {
    throw asSyntaxError(error);
  }
}

/** Acorn did not see the literals that hold holes: their escapes are checked here, part by part, as they will stand in the module. */
function checkEscapes(text: string, strings: ReadonlyMap<number, readonly StringPart[]>): void {
  for (const [start, parts] of strings) {
    const quote = text.charAt(start);
    for (const part of parts) {
      if (part.type !== 'raw' || !part.text.includes('\\')) continue;
      try {
        Parser.parseExpressionAt(`${quote}${part.text}${quote}`, 0, { ecmaVersion: 'latest', sourceType: 'module' });
      } catch (error) {
        throw new BodySyntaxError(asSyntaxError(error).message, start);
      }
    }
  }
}

/** Acorn's errors carry the offset as `pos` and end in `(line:column)`; a RangeError is a body nested deeper than the stack. */
function asSyntaxError(error: unknown): BodySyntaxError {
  if (error instanceof BodySyntaxError) return error;
  if (error instanceof RangeError) return new BodySyntaxError('the code is nested too deeply', 0);
  if (!(error instanceof SyntaxError)) throw error;
  const at = 'pos' in error && typeof error.pos === 'number' ? error.pos : 0;
  const message = error.message.replace(/ \(\d+:\d+\)$/, '');
  return new BodySyntaxError(message, at);
}
