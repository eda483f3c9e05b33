import { Findings, TooManyFindings } from '../model/findings.ts';
import type { ParsedBody } from '../model/parsed-body.ts';
import { MAX_OF_ONE_RULE } from '../without-surplus.ts';
import type { CheckContext } from './check.ts';
import { CHECKS } from './index.ts';

/** Has every rule look at a body. One that finds more than anyone reads is stopped, so that a file of 10,000 mistakes takes no longer than one of 500. */
export function runChecks(body: ParsedBody, findings: Findings, context: CheckContext): void {
  for (const { check } of CHECKS) {
    const found = new Findings(MAX_OF_ONE_RULE + 1);
    try {
      check(body, found, context);
    } catch (error) {
      if (!(error instanceof TooManyFindings)) throw error;
    }
    findings.add(found.all);
  }
}
