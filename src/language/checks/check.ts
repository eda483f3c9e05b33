import type { RuleName } from '../../program/rules.ts';
import type { AnalyzedFile } from '../analyze-file.ts';
import type { EnsembleFiles } from '../ensemble-files.ts';
import type { Findings } from '../model/findings.ts';
import type { ParsedBody } from '../model/parsed-body.ts';
import type { ProjectIndex } from '../project-index.ts';
import type { BodyTypes } from '../types/body-types.ts';

/** What a rule may know beside the body it looks at. */
export interface CheckContext {
  /** The text of the body's file, for fixes. */
  readonly text: string;
  /**
   * Nothing of the file was left unread: no value failed to parse, no key was unknown. Where it is false, what seems to be unused may be used in
   * what could not be read.
   */
  readonly complete: boolean;
  readonly project: ProjectIndex;
  /** The agent files that agents of the body run, by the agent's `index`; an agent whose file is missing or broken has none. */
  readonly agentFiles: ReadonlyMap<number, AnalyzedFile>;
  /** The ensembles that `ensemble:` names: `read(reference, body.model.file)`. */
  readonly ensembles: EnsembleFiles;
  /** The types of what the body's names mean, and of its expressions. */
  readonly types: BodyTypes;
}

/** One rule over one body (an ensemble or an agent file). It only reports; `codes` are the rules of src/program/rules.ts that it can report. */
export interface Check {
  readonly codes: readonly RuleName[];
  check(body: ParsedBody, findings: Findings, context: CheckContext): void;
}
