import { createDiagnostic, type Diagnostic, type Fix, type Span } from '../../program/diagnostic.ts';
import type { RuleName } from '../../program/rules.ts';

/** Raised by the finding that is one too many. */
export class TooManyFindings extends Error {}

/** Collects the diagnostics of one compilation, in the order they are found. With a limit, the first report of a rule beyond it raises TooManyFindings. */
export class Findings {
  readonly #list: Diagnostic[] = [];
  readonly #limit: number;

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
    if (this.#list.length >= this.#limit && this.#count(code) >= this.#limit) throw new TooManyFindings();
    this.#list.push(createDiagnostic(code, span, message, extra));
  }

  add(diagnostics: Iterable<Diagnostic>): void {
    for (const diagnostic of diagnostics) this.#list.push(diagnostic);
  }

  #count(code: RuleName): number {
    return this.#list.reduce((count, diagnostic) => (diagnostic.code === code ? count + 1 : count), 0);
  }

  get all(): readonly Diagnostic[] {
    return this.#list;
  }
}
