import type { Expression as EsExpression, Node as EsNode } from 'acorn';
import type { Expression } from '../../program/expression.ts';
import { parseWithAcorn } from './acorn-parser.ts';
import { type ParseContext, TooLarge } from './context.ts';
import { convertJs } from './js-nodes.ts';
import { parsePath } from './js-path.ts';

/** More text than any expression of 2,000 nodes needs. */
const MAX_TEXT = 100_000;

/**
 * Parses the text between `${` and `}` (LANGUAGE §3.1): acorn reads it, and what is on the allow-list becomes our tree. Everything else is
 * reported to `context`, as much as can be found at once; the tree is then not to be used. `offset` is where `text` starts in the text that
 * positions refer to.
 */
export function parseJs(text: string, offset: number, context: ParseContext): Expression {
  const end = offset + text.length;
  if (text.trim() === '') return context.report('expression-syntax', 'the expression is empty', offset, end);
  if (text.length > MAX_TEXT) {
    return context.report('expression-too-large', `the expression is longer than ${MAX_TEXT} characters`, offset, end);
  }
  const path = parsePath(text, offset, context);
  if (path !== undefined) return path;
  const tree = parseText(text, offset, context);
  if (tree === undefined) return { type: 'undefined' };
  try {
    return convertJs(tree, { context, text, offset });
  } catch (error) {
    if (error instanceof TooLarge) return { type: 'undefined' };
    throw error;
  }
}

function parseText(text: string, offset: number, context: ParseContext): EsExpression | undefined {
  try {
    return parseWithAcorn(text, context.agents);
  } catch (error) {
    if (error instanceof RangeError || isStackProblem(error)) {
      context.report('expression-too-large', 'the expression is too large or nested too deeply', offset, offset + text.length);
      return undefined;
    }
    if (!(error instanceof SyntaxError)) throw error;
    const at = Math.min(positionOf(error), text.length);
    const start = at === text.length ? Math.max(0, at - 1) : at;
    context.report('expression-syntax', syntaxMessage(error, text, at), offset + start, offset + start + 1, helpFor(text));
    return undefined;
  }
}

/** Acorn tells of a stack that is exhausted as if the text were wrong. */
function isStackProblem(error: unknown): boolean {
  return error instanceof SyntaxError && error.message.startsWith('Not enough stack space');
}

function positionOf(error: SyntaxError): number {
  return 'pos' in error && typeof error.pos === 'number' ? error.pos : 0;
}

function syntaxMessage(error: SyntaxError, text: string, at: number): string {
  const reason = error.message.replace(/ \(\d+:\d+\)$/, '');
  if (reason !== 'Unexpected token') return `this is no JavaScript expression: ${reason}`;
  if (at >= text.length) return 'the expression ends too early';
  return `unexpected \`${text.slice(at, at + 1)}\` in the expression`;
}

function helpFor(text: string): string | undefined {
  if (/^\s*(?:const|let|var|if|for|while|return|throw|function|class)\b/.test(text)) {
    return 'An expression holds no statements; a `code` agent does.';
  }
  return undefined;
}

/** What the converters of the tree share: where problems go, and the text for what acorn leaves out. */
export interface JsSource {
  readonly context: ParseContext;
  readonly text: string;
  readonly offset: number;
}

/** The place of a node in the text that positions refer to. */
export function placeOf(node: EsNode, source: JsSource): readonly [start: number, end: number] {
  return [source.offset + node.start, source.offset + node.end];
}
