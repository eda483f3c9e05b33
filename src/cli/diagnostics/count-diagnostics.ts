import type { Severity } from '../../program/diagnostic.ts';

/** `3 errors, 1 warning`; what does not occur is not named, so that it is empty for no findings. */
export function countDiagnostics(diagnostics: readonly { readonly severity: Severity }[]): string {
  const count = (severity: Severity) => {
    const found = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return found === 0 ? [] : [`${found} ${severity}${found === 1 ? '' : 's'}`];
  };
  return [...count('error'), ...count('warning')].join(', ');
}
