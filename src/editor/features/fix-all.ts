import { Analysis } from '../../language/analyze-file.ts';
import { applyFixes } from '../../language/apply-fixes.ts';
import type { TextEdit } from '../apply-edits.ts';
import type { Snapshot } from '../snapshot.ts';

/** A fix may bring out what another one mends; more rounds than this would go in a circle. */
const MAX_ROUNDS = 10;

/** One edit that makes all safe fixes of a file, and those that they bring out; undefined when there are none. */
export function fixAll({ path, text, kind, project, findings }: Snapshot): TextEdit | undefined {
  let fixed = applyFixes(text, findings);
  let result = fixed.text;
  for (let round = 1; fixed.fixed > 0 && round < MAX_ROUNDS; round++) {
    const next = new Analysis(project).analyze({ path, text: result }, kind).findings.filter(({ span }) => span.file === path);
    fixed = applyFixes(result, next);
    result = fixed.text;
  }
  return result === text ? undefined : difference(text, result);
}

/** The one stretch in which two texts differ, without what is the same at both ends. */
function difference(before: string, after: string): TextEdit {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start++;
  let same = 0;
  while (same < shorter - start && before.at(-1 - same) === after.at(-1 - same)) same++;
  return { start, end: before.length - same, text: after.slice(start, after.length - same) };
}
