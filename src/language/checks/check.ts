import type { RuleName } from '../../program/rules.ts';
import type { AnalyzedFile } from '../analyze-file.ts';
import type { Findings } from '../model/findings.ts';
import type { ParsedBody } from '../model/parsed-body.ts';
import type { ProjectIndex } from '../project-index.ts';

/** What a rule may know beside the body it looks at. */
export interface CheckContext {
  readonly project: ProjectIndex;
  /** The agent files that agents of the body run, by the agent's `index`; an agent whose file is missing or broken has none. */
  readonly agentFiles: ReadonlyMap<number, AnalyzedFile>;
}

/** One rule over one body (an ensemble or an agent file). It only reports; `codes` are the rules of src/program/rules.ts that it can report. */
export interface Check {
  readonly codes: readonly RuleName[];
  check(body: ParsedBody, findings: Findings, context: CheckContext): void;
}
