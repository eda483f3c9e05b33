import type { Diagnostic } from '../program/diagnostic.ts';
import { deepFreeze } from '../program/freeze.ts';
import { PROGRAM_FORMAT, type Program } from '../program/program.ts';
import { sortDiagnostics } from '../program/sort-diagnostics.ts';
import { Analysis, type AnalyzedFile } from './analyze-file.ts';
import { type BuildSite, buildBody, MAX_STEPS, ProgramTooLarge } from './build/build-body.ts';
import { mapLimits } from './model/map-limits.ts';
import { EMPTY_PROJECT, type ProjectIndex, type SourceFile } from './project-index.ts';
import { withoutEchoes } from './without-echoes.ts';

export interface Compilation {
  /** Frozen through and through; absent when there is any error. */
  readonly program?: Program;
  /** Of this file and of the agent files it runs (`span.file` tells), sorted by place, each once. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles an ensemble file: YAML text → located values → typed model → checks → Program (DESIGN §3). Reports everything it finds at once and never
 * throws for bad input.
 */
export function compile(source: SourceFile, project: ProjectIndex = EMPTY_PROJECT): Compilation {
  const analysis = new Analysis(project);
  const file = analysis.analyze(source, 'ensemble');
  const program = file === undefined || hasError(analysis.findings.all) ? undefined : buildProgram(file, analysis);
  const diagnostics = sortDiagnostics(withoutEchoes(analysis.findings.all));
  return program === undefined || hasError(diagnostics) ? { diagnostics } : { program, diagnostics };
}

function buildProgram(file: AnalyzedFile, analysis: Analysis): Program | undefined {
  const { model, triggers, limits } = file.body;
  const site: BuildSite = { prefix: '', modules: new Map(), bindings: new Map(), count: { steps: 0 } };
  try {
    const body = buildBody(file, site);
    return deepFreeze<Program>({
      format: PROGRAM_FORMAT,
      ensemble: model.name.text,
      ...(model.version !== undefined && { version: model.version }),
      ...(model.description !== undefined && { description: model.description }),
      file: model.file,
      body,
      limits: mapLimits(limits, (limit) => (typeof limit === 'number' ? limit : limit.template)),
      triggers: triggers.map(({ template }) => template),
      modules: Object.fromEntries(site.modules),
      bindings: [...site.bindings.values()],
    });
  } catch (error) {
    if (!(error instanceof ProgramTooLarge)) throw error;
    analysis.findings.report('program-too-large', model.name.span, `the ensemble has more than ${MAX_STEPS} steps, agent files included`);
    return undefined;
  }
}

function hasError(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}
