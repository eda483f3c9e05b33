import type { Hole } from '../../program/expression.ts';
import { FailureError, failure } from '../failure.ts';
import { asFailure } from './compile-expression.ts';

const LONGEST_SOURCE = 120;

/** What an evaluation of the hole threw, as a failure that tells the expression's place; a defect as it is. */
export function locateFailure(thrown: unknown, hole: Hole): unknown {
  const error = asFailure(thrown);
  if (!(error instanceof FailureError)) return error;
  const source = hole.source.length > LONGEST_SOURCE ? `${hole.source.slice(0, LONGEST_SOURCE)}…` : hole.source;
  const { line, column } = hole.place;
  const { code, message } = error.failure;
  return failure(code, `${message} (in ${source}, line ${line})`, { details: { line, column, source } });
}
