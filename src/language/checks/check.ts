import type { Findings } from '../model/findings.ts';
import type { ParsedBody } from '../model/parsed-body.ts';

/** One rule over one body (an ensemble or an agent file). It only reports; `codes` are the diagnostics it can report, listed in docs/diagnostics.md. */
export interface Check {
  readonly codes: readonly string[];
  check(body: ParsedBody, findings: Findings): void;
}
