import { dirname, relative, sep } from 'node:path';
import { Linter } from '../../language/lint.ts';
import type { ProjectIndex } from '../../language/project-index.ts';
import { NO_SETTINGS, type ProjectSettings, type RuleSettings } from '../../language/settings/settings.ts';
import { findProject } from '../../node/find-project.ts';
import { cacheIndex } from '../../node/project/cached-index.ts';
import { openProjectIndex } from '../../node/project/project-index.ts';
import { readSettings } from '../../node/project/read-settings.ts';
import type { Diagnostic } from '../../program/diagnostic.ts';

/** A project as one call of `validate` sees it; nothing of it is read again. */
export interface OpenProject {
  readonly root: string;
  readonly index: ProjectIndex;
  readonly linter: Linter;
  readonly settings: ProjectSettings;
  /** What is wrong with the settings. */
  readonly badSettings: readonly Diagnostic[];
}

/** The projects of the files that one call looks at, each opened once. */
export class Workspace {
  /** What counts above the settings of the projects. */
  readonly rules: RuleSettings['rules'];
  readonly #byFolder = new Map<string, OpenProject>();
  readonly #byRoot = new Map<string, OpenProject>();

  constructor({ rules }: RuleSettings = NO_SETTINGS) {
    this.rules = rules;
  }

  /** Every project that was asked for so far. */
  get projects(): readonly OpenProject[] {
    return [...this.#byRoot.values()];
  }

  /** The same, with nothing read yet: for when files have changed. */
  reopen(): Workspace {
    return new Workspace(this);
  }

  projectOf(file: string): OpenProject {
    return this.projectAt(dirname(file));
  }

  projectAt(folder: string): OpenProject {
    let project = this.#byFolder.get(folder);
    if (project === undefined) {
      const { root } = findProject(folder);
      project = this.#byRoot.get(root) ?? this.#open(root);
      this.#byFolder.set(folder, project);
    }
    return project;
  }

  #open(root: string): OpenProject {
    const { settings, diagnostics: badSettings } = readSettings(root);
    const index = cacheIndex(openProjectIndex(root, { scripts: 'read', variables: settings.env }));
    const linter = new Linter(index, { rules: new Map([...settings.rules, ...this.rules]) });
    const project = { root, index, linter, settings, badSettings };
    this.#byRoot.set(root, project);
    return project;
  }
}

/** The path of a file as messages show it: from `folder`, with forward slashes. */
export const pathFrom = (folder: string, file: string): string => relative(folder, file).split(sep).join('/');
