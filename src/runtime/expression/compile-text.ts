import type { Hole } from '../../program/expression.ts';
import { failure } from '../failure.ts';
import { Environment, type Evaluate } from './compile/environment.ts';
import { compileNode } from './compile/index.ts';
import { runAfresh } from './compile-expression.ts';
import { MAX_STRING } from './limits.ts';
import { locateFailure } from './locate-failure.ts';
import { renderText } from './render-text.ts';
import type { Scope } from './scope.ts';

interface Part {
  readonly hole: Hole;
  readonly evaluate: Evaluate;
  readonly places: number;
  /** The plain text behind the hole. */
  readonly after: string;
}

/** Compiles a string with expressions in it. One that is null or undefined leaves nothing, which the scope is told. Failures tell where the expression stands. */
export function compileText(pieces: readonly (string | Hole)[]): (scope: Scope) => string {
  const start = textFrom(pieces, 0);
  const parts = pieces.flatMap((piece, index) => (typeof piece === 'string' ? [] : [compilePart(piece, textFrom(pieces, index + 1))]));
  return (scope) => {
    let text = start;
    for (const { hole, evaluate, places, after } of parts) {
      let value: string | number | undefined;
      try {
        value = toPiece(runAfresh(evaluate, places, scope));
      } catch (error) {
        throw locateFailure(error, hole);
      }
      if (value === undefined) scope.missing?.(hole.source);
      else text += value;
      text += after;
      // At once: thousands of holes could each bring as much again.
      if (text.length > MAX_STRING) throw locateFailure(tooLong(), hole);
    }
    return text;
  };
}

function compilePart(hole: Hole, after: string): Part {
  const environment = new Environment(compileNode);
  const evaluate = environment.compile(hole.expression);
  return { hole, evaluate, places: environment.places, after };
}

/** The plain text from a piece on to the next hole. */
function textFrom(pieces: readonly (string | Hole)[], first: number): string {
  const end = pieces.findIndex((piece, index) => index >= first && typeof piece !== 'string');
  return pieces.slice(first, end === -1 ? pieces.length : end).join('');
}

/** A number stays one: adding it to a text spells it as `renderText` does. */
function toPiece(value: unknown): string | number | undefined {
  if (typeof value === 'string' || typeof value === 'number') return value;
  return value === null || value === undefined ? undefined : renderText(value);
}

const tooLong = () => failure('EXPRESSION_LIMIT', `the text with the expression is longer than ${MAX_STRING} characters`);
