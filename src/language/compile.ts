import type { Diagnostic } from '../program/diagnostic.ts';
import { deepFreeze } from '../program/freeze.ts';
import { PROGRAM_FORMAT, type Program } from '../program/program.ts';
import { Analysis, type AnalyzedFile } from './analyze-file.ts';
import { buildBody } from './build/build-body.ts';
import { buildLimits } from './build/build-limits.ts';
import type { BuildSite } from './build/build-site.ts';
import { buildTriggers } from './build/build-triggers.ts';
import { EMPTY_PROJECT, type ProjectIndex, type SourceFile } from './project-index.ts';
import { NO_SETTINGS, type RuleSettings } from './settings/settings.ts';
import { settleFindings } from './settle-findings.ts';

export interface Compilation {
  /** Frozen through and through; absent when there is any error. */
  readonly program?: Program;
  /** Of this file and of the agent files and ensembles that it runs (`span.file` tells), sorted by place, each once. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles an ensemble file: YAML text → located values → typed model → checks → Program (DESIGN §3). Reports everything it finds at once, as the
 * settings grade it, and never throws for bad input.
 */
export function compile(source: SourceFile, project: ProjectIndex = EMPTY_PROJECT, settings: RuleSettings = NO_SETTINGS): Compilation {
  const { file, findings, ensembleAt } = new Analysis(project).analyzeProgram(source);
  const diagnostics = settleFindings(findings, settings);
  if (file === undefined || diagnostics.some(({ severity }) => severity === 'error')) return { diagnostics };
  return { program: buildProgram(file, ensembleAt, settings), diagnostics };
}

function buildProgram(file: AnalyzedFile, ensembleAt: BuildSite['ensembleAt'], settings: RuleSettings): Program {
  const { model, triggers, limits } = file.body;
  const site: BuildSite = { files: new Map(), entered: new Set(), modules: new Map(), bindings: new Map(), ensembleAt };
  const body = buildBody(file, site);
  return deepFreeze<Program>({
    format: PROGRAM_FORMAT,
    ensemble: model.name.text,
    ...(model.version !== undefined && { version: model.version }),
    ...(model.description !== undefined && { description: model.description }),
    file: model.file,
    body,
    files: Object.fromEntries(site.files),
    limits: buildLimits(limits),
    triggers: buildTriggers(triggers),
    ...((model.engine ?? settings.engine) === 'workflows' && { engine: 'workflows' as const }),
    modules: Object.fromEntries(site.modules),
    bindings: [...site.bindings.values()],
  });
}
