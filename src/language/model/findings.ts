import { createDiagnostic, type Diagnostic, type Fix, type Span } from '../../program/diagnostic.ts';
import type { RuleName } from '../../program/rules.ts';

/** Collects the diagnostics of one compilation, in the order they are found. */
export class Findings {
  readonly #list: Diagnostic[] = [];

  /** Reports a finding of the rule `code`; `fix` where mending it cannot change what the author meant. */
  report(
    code: RuleName,
    span: Span,
    message: string,
    extra: { readonly help?: string | undefined; readonly fix?: Fix | undefined } = {},
  ): void {
    this.#list.push(createDiagnostic(code, span, message, extra));
  }

  add(diagnostics: Iterable<Diagnostic>): void {
    for (const diagnostic of diagnostics) this.#list.push(diagnostic);
  }

  get all(): readonly Diagnostic[] {
    return this.#list;
  }
}
