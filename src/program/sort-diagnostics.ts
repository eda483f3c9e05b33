import type { Diagnostic } from './diagnostic.ts';

/** The findings in the order of the file (by file, place, errors before warnings, code), each of one code, place and message once. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics
    .filter(({ code, message, span }) => {
      const identity = JSON.stringify([code, span.file, span.start, span.end, message]);
      return !seen.has(identity) && seen.add(identity);
    })
    .sort(
      (a, b) =>
        compare(a.span.file, b.span.file) ||
        a.span.start - b.span.start ||
        compare(a.severity, b.severity) ||
        a.span.end - b.span.end ||
        compare(a.code, b.code),
    );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
