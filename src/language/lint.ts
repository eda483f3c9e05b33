import type { Diagnostic } from '../program/diagnostic.ts';
import { Analysis } from './analyze-file.ts';
import type { BodyModel } from './model/body-model.ts';
import type { ProjectIndex, SourceFile } from './project-index.ts';
import { parseSettings } from './settings/parse-settings.ts';
import { isSettingsFile, NO_SETTINGS, type RuleSettings } from './settings/settings.ts';
import { settleFindings } from './settle-findings.ts';

/** Checks many files of one project. Agent files are analysed once, for all files that run them. */
export class Linter {
  readonly #analysis: Analysis;
  readonly #settings: RuleSettings;

  constructor(project: ProjectIndex, settings: RuleSettings = NO_SETTINGS) {
    this.#analysis = new Analysis(project);
    this.#settings = settings;
  }

  /**
   * Everything that is wrong in a file, an ensemble, an agent file or the settings of a project, and in the agent files that it runs (`span.file` tells), sorted by
   * place, each once, as the settings grade it. Builds no program and never throws for bad input.
   */
  lint(source: SourceFile): readonly Diagnostic[] {
    if (isSettingsFile(source.path)) return parseSettings(source).diagnostics;
    return settleFindings(this.#analysis.findings(source, kindOf(source)), this.#settings);
  }
}

/** Checks one file: see `Linter.lint`. */
export function lint(source: SourceFile, project: ProjectIndex, settings: RuleSettings = NO_SETTINGS): readonly Diagnostic[] {
  return new Linter(project, settings).lint(source);
}

/** What a file is meant to be: its first top-level keys say so, else the folder it lies in. */
export function kindOf({ path, text }: SourceFile): BodyModel['kind'] {
  if (/^(?:ensemble|flow|trigger)[ \t]*:/m.test(text)) return 'ensemble';
  if (/^(?:agent|operations|operation)[ \t]*:/m.test(text)) return 'agent';
  return /(?:^|\/)agents\//.test(path) ? 'agent' : 'ensemble';
}
