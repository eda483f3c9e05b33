import type { Diagnostic } from '../program/diagnostic.ts';

/**
 * One error about one place is enough. Of several about exactly the same stretch, or of one code that begin together, the first stands, which is that of the earlier stage: a text that is no
 * expression needs no second message from whoever tries to read it.
 */
export function withoutEchoes(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const reported = new Set<string>();
  return diagnostics.filter(({ severity, code, span }) => {
    if (severity !== 'error' || span.start === span.end) return true;
    const place = `${span.file}\n${span.start}\n${span.end}`;
    const kind = `${span.file}\n${span.start}\n${code}`;
    const echo = reported.has(place) || reported.has(kind);
    reported.add(place).add(kind);
    return !echo;
  });
}
