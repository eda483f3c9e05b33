/// <reference path="./jexl-internals.d.ts" />
import grammarModule from 'jexl/dist/grammar.js';
import Lexer from 'jexl/dist/Lexer.js';
import Parser from 'jexl/dist/parser/Parser.js';
import { MAX_DEPTH } from '../../program/expression-vocabulary.ts';
import { hyphenatedOf, longestName, MAX_TOKENS } from './acorn-parser.ts';

/** Jexl's own tree. A child may be missing where the text leaves it out (`a[]`, `a ?: b`). */
export type JexlNode =
  | { readonly type: 'Literal'; readonly value: string | number | boolean }
  | { readonly type: 'Identifier'; readonly value: string; readonly from?: JexlNode; readonly relative?: boolean }
  | { readonly type: 'UnaryExpression'; readonly operator: string; readonly right?: JexlNode }
  | { readonly type: 'BinaryExpression'; readonly operator: string; readonly left?: JexlNode; readonly right?: JexlNode }
  | {
      readonly type: 'ConditionalExpression';
      readonly test: JexlNode;
      readonly consequent?: JexlNode | null;
      readonly alternate?: JexlNode | null;
    }
  | { readonly type: 'FilterExpression'; readonly relative: boolean; readonly expr?: JexlNode | null; readonly subject: JexlNode }
  | { readonly type: 'ArrayLiteral'; readonly value: readonly JexlNode[] }
  | { readonly type: 'ObjectLiteral'; readonly value: Readonly<Record<string, JexlNode | null>> }
  | {
      readonly type: 'FunctionCall';
      readonly name: string;
      readonly pool: 'functions' | 'transforms';
      readonly args: readonly (JexlNode | null)[];
    };

/** A name of the text with its place. */
export interface PlacedName {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export interface JexlTree {
  /** Null for a text without any token. */
  readonly root: JexlNode | null;
  /** What an identifier, key or function name of the tree stands for: the tree holds `name@offset` in its place. */
  nameOf(placed: string): PlacedName;
}

/** Jexl looks operators up by the words of the text: without a prototype, `constructor` and `toString` are plain words. */
const grammar = grammarModule.getGrammar();
grammar.elements = Object.assign(Object.create(null), grammar.elements);

/**
 * Parses with Jexl's lexer and parser. Jexl's tree has no positions, so each identifier goes in as `name@offset`, which also keeps a key such
 * as `__proto__` from meaning anything while Jexl builds its own objects. Throws what Jexl throws: Error for wrong syntax, RangeError or
 * TypeError where Jexl itself stumbles.
 */
export function parseWithJexl(text: string, agents: ReadonlySet<string>): JexlTree {
  const masked = maskHyphens(text, agents);
  const lexer = new Lexer(grammar);
  const elements = lexer.getElements(masked);
  const offsets = offsetsOf(elements);
  const tokens = lexer.getTokens([...elements]);
  if (tokens.length > MAX_TOKENS) throw new RangeError('too many tokens');
  checkNesting(tokens);
  let at = 0;
  const placed = tokens.map((token) => {
    // A negative number is one token of two elements.
    while (offsets[at]?.element === '-' && token.raw.trim() !== '-') at++;
    const start = offsets[at]?.offset ?? 0;
    at++;
    if (token.type !== 'identifier') return token;
    return { ...token, value: `${String(token.value)}@${start}` };
  });
  const parser = new Parser(grammar);
  parser.addTokens(placed);
  const root = (parser.complete() ?? null) as JexlNode | null;
  return {
    root,
    nameOf: (value) => {
      const mark = value.lastIndexOf('@');
      const start = Number(value.slice(mark + 1));
      return { name: text.slice(start, start + mark), start, end: start + mark };
    },
  };
}

/** Jexl's parser takes time by the square of its nesting. What it nests we nest too, so nothing that is allowed is deeper. */
function checkNesting(tokens: readonly { readonly type: string }[]): void {
  const open: number[] = [];
  let depth = 0;
  for (const { type } of tokens) {
    if (type === 'openParen' || type === 'openBracket' || type === 'openCurl') {
      open.push(depth);
      depth++;
    } else if (type === 'question') depth++;
    else if (type === 'closeParen' || type === 'closeBracket' || type === 'closeCurl') depth = open.pop() ?? 0;
    if (depth > MAX_DEPTH) throw new RangeError(`nested more than ${MAX_DEPTH} levels deep`);
  }
}

function offsetsOf(elements: readonly string[]): readonly { readonly element: string; readonly offset: number }[] {
  let offset = 0;
  const all = elements.map((element) => {
    const start = offset;
    offset += element.length;
    return { element, offset: start };
  });
  return all.filter(({ element }) => element.trim() !== '');
}

const STRING_OR_NAME = /'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|(\.\s*)?([A-Za-z_$][\w$]*)/g;

/** Puts `_` for the hyphens of known names (the names come back by their offsets), since Jexl reads a hyphen as a minus. */
function maskHyphens(text: string, agents: ReadonlySet<string>): string {
  const hyphenated = hyphenatedOf(agents);
  if (hyphenated.longest === 0) return text;
  let result = '';
  let done = 0;
  for (const found of text.matchAll(STRING_OR_NAME)) {
    const [whole, dot, word] = found;
    if (word === undefined || dot !== undefined || found.index < done) continue;
    const start = found.index + whole.length - word.length;
    const name = longestName(text, start, agents, hyphenated);
    if (name === undefined) continue;
    result += text.slice(done, start) + name.replaceAll('-', '_');
    done = start + name.length;
  }
  return result + text.slice(done);
}
