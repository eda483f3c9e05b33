import { isDeeper } from '../../program/json-depth.ts';

/** Values of runs have 1,000 levels at most, and what says them a few more: twice as many can still be written and walked by every part of the command. */
const MAX_LEVELS = 2_000;

/**
 * JSON that another machine sent.
 * @throws SyntaxError for text that is none, and for more levels than a run's values can have.
 */
export function parseForeign(text: string): unknown {
  if (isDeeper(text, MAX_LEVELS)) throw new SyntaxError(`it is nested deeper than ${MAX_LEVELS} levels`);
  return JSON.parse(text);
}
