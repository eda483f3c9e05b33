import type { SchemaProblem } from '../schema/schema-problem.ts';

/** More than this many make a message that nobody reads. */
const SHOWN = 5;

/** Schema problems as the middle of a sentence: `items[2].name: expected …; …`. */
export function listProblems(problems: readonly SchemaProblem[]): string {
  const shown = problems.slice(0, SHOWN).map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const rest = problems.length > SHOWN ? ` (and ${problems.length - SHOWN} more)` : '';
  return `${shown.join('; ')}${rest}`;
}
