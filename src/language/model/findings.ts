import type { Diagnostic, Fix, Severity, Span } from '../../program/diagnostic.ts';
import type { DiagnosticCode } from '../../program/diagnostic-codes.ts';

interface Extra {
  readonly help?: string | undefined;
  readonly fix?: Fix | undefined;
}

/** Collects the diagnostics of one compilation, in the order they are found. */
export class Findings {
  readonly #list: Diagnostic[] = [];

  error(code: DiagnosticCode, span: Span, message: string, extra: Extra = {}): void {
    this.#add('error', code, span, message, extra);
  }

  warning(code: DiagnosticCode, span: Span, message: string, extra: Extra = {}): void {
    this.#add('warning', code, span, message, extra);
  }

  add(diagnostics: Iterable<Diagnostic>): void {
    for (const diagnostic of diagnostics) this.#list.push(diagnostic);
  }

  get all(): readonly Diagnostic[] {
    return this.#list;
  }

  #add(severity: Severity, code: DiagnosticCode, span: Span, message: string, { help, fix }: Extra): void {
    this.#list.push({ code, severity, message, span, ...(help !== undefined && { help }), ...(fix !== undefined && { fix }) });
  }
}
