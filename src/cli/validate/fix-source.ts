import { applyFixes, type FixedText } from '../../language/apply-fixes.ts';
import type { Linter } from '../../language/lint.ts';
import type { SourceFile } from '../../language/project-index.ts';
import type { Diagnostic } from '../../program/diagnostic.ts';

/** One fix can make way for another; two that undo each other must come to an end. */
const MAX_ROUNDS = 10;

/**
 * The text of a file with all that can be mended mended, and how many findings that were. Looks again after each round, and stops before one that would bring
 * errors that were not there.
 */
export function fixSource(source: SourceFile, linter: Linter): FixedText {
  const look = (text: string): readonly Diagnostic[] => linter.lint({ ...source, text }).filter(({ span }) => span.file === source.path);
  let { text } = source;
  let fixed = 0;
  let findings = look(text);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = applyFixes(text, findings);
    if (next.fixed === 0) break;
    const left = look(next.text);
    if (countErrors(left) > countErrors(findings)) break;
    ({ text } = next);
    fixed += next.fixed;
    findings = left;
  }
  return { text, fixed };
}

const countErrors = (findings: readonly Diagnostic[]): number => findings.filter(({ severity }) => severity === 'error').length;
