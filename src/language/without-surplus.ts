import { createDiagnostic, type Diagnostic } from '../program/diagnostic.ts';

/** More findings of one rule in one file are not shown. */
export const MAX_OF_ONE_RULE = 500;

/** The sorted findings with at most 500 of each rule in each file; in place of the rest one says where they begin. */
export function withoutSurplus(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  if (diagnostics.length <= MAX_OF_ONE_RULE) return diagnostics;
  const counts = new Map<string, number>();
  return diagnostics.flatMap((diagnostic) => {
    const { code, span } = diagnostic;
    const kind = `${code} ${span.file}`;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    if (count <= MAX_OF_ONE_RULE) return [diagnostic];
    if (count > MAX_OF_ONE_RULE + 1) return [];
    const message = `\`${code}\` finds more than ${MAX_OF_ONE_RULE} places in this file: from here on they are not shown`;
    return [createDiagnostic('too-many-findings', span, message, { help: 'mend some, then validate again' })];
  });
}
