import { createDiagnostic, type Diagnostic, type Fix, type Span } from '../../program/diagnostic.ts';
import type { RuleName } from '../../program/rules.ts';

/** Raised by the finding that is one too many. */
export class TooManyFindings extends Error {}

/** Collects the diagnostics of one compilation, in the order they are found. With a limit, the first report of a rule beyond it raises TooManyFindings. */
export class Findings {
  readonly #list: Diagnostic[] = [];
  readonly #limit: number;
  readonly #counts = new Map<RuleName, number>();

  constructor(limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
  }

  /** Reports a finding of the rule `code`; `fix` where mending it cannot change what the author meant. */
  report(
    code: RuleName,
    span: Span,
    message: string,
    extra: { readonly help?: string | undefined; readonly fix?: Fix | undefined } = {},
  ): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    if (count > this.#limit) throw new TooManyFindings();
    this.#counts.set(code, count);
    this.#list.push(createDiagnostic(code, span, message, extra));
  }

  add(diagnostics: Iterable<Diagnostic>): void {
    for (const diagnostic of diagnostics) this.#list.push(diagnostic);
  }

  get all(): readonly Diagnostic[] {
    return this.#list;
  }
}
