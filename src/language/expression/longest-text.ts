import { hasOneWay, isExponential } from './regex-ambiguity.ts';
import { parseRegex } from './regex-parser.ts';
import { judgeRegex, startsAnchored } from './regex-safety.ts';

/** Steps of backtracking, each about a nanosecond, that one text of the longest kind may take at worst. */
export const MAX_STEPS = 100_000_000;
/** Of a pattern whose time doubles with each character. */
const EXPONENTIAL_TEXT = 24;
/** Of one that nobody can judge: most of these are harmless (`^\w+(-\w+)*$`), but may take the cube of the length. */
const UNJUDGED_TEXT = 1_000;
/** Of one that begins anew at each position, and goes one way from each: times as many alternatives as it may have at once. */
const ONE_WAY_TEXT = 5_000;
/** A pattern that takes as much as this is not limited: no request or answer has longer ones, or hardly any. */
const ANY_TEXT = 1024 * 1024;

/** The longest text, in characters, that the `pattern` of a schema can be tried on within `MAX_STEPS`: nothing stops a regular expression that has begun. Infinity where any will do, and for what is no pattern. */
export function longestText(pattern: string): number {
  if (!isPattern(pattern)) return Number.POSITIVE_INFINITY;
  if (isExponential(pattern, 'u')) return EXPONENTIAL_TEXT;
  const verdict = judgeRegex(pattern, 'u');
  if (hasOneWay(pattern, 'u')) {
    if (isAnchored(pattern)) return Number.POSITIVE_INFINITY;
    if ('problem' in verdict) return ONE_WAY_TEXT;
  }
  if ('problem' in verdict) return verdict.degree === undefined ? UNJUDGED_TEXT : rootOf(MAX_STEPS, verdict.degree);
  const longest = rootOf(MAX_STEPS / verdict.weight, verdict.degree);
  return verdict.degree === 1 || longest >= ANY_TEXT ? Number.POSITIVE_INFINITY : longest;
}

/** Of a pattern that can be read. */
function isAnchored(pattern: string): boolean {
  return startsAnchored(parseRegex(pattern, 'u'));
}

/** Whether it is a regular expression, as the `pattern` of a schema is one. */
export function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}

function rootOf(steps: number, degree: number): number {
  return Math.floor(steps ** (1 / degree));
}
