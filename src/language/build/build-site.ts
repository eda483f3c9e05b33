import type { BindingNeed, CalledFile, CodeModule } from '../../program/program.ts';
import type { AnalyzedFile } from '../analyze-file.ts';
import type { ParsedBody } from '../model/parsed-body.ts';
import type { StepPaths } from './step-paths.ts';

/** What building collects beside the body: files, modules and bindings of the whole program. */
export interface BuildSite {
  /** The files that it runs, by their path. */
  readonly files: Map<string, CalledFile>;
  /** Those of them that are built or being built: a file may run itself. */
  readonly entered: Set<string>;
  readonly modules: Map<string, CodeModule>;
  readonly bindings: Map<string, BindingNeed>;
  /** The ensemble that a file names. */
  ensembleAt(reference: string, from: string): AnalyzedFile | undefined;
}

/** The body whose steps are built. */
export interface StepsSite extends BuildSite {
  readonly body: ParsedBody;
  /** By the agent's position. */
  readonly agentFiles: AnalyzedFile['agentFiles'];
  /** The agents and flow steps whose failure some expression reads; in a `try`, one of its steps. */
  readonly asked: ReadonlySet<string>;
  readonly paths: StepPaths;
}

export function addBinding(need: BindingNeed, { bindings }: BuildSite): void {
  bindings.set(JSON.stringify([need.kind, need.name]), need);
}
