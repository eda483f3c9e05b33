import { dirname, relative, sep } from 'node:path';
import { Linter } from '../../language/lint.ts';
import type { ProjectIndex } from '../../language/project-index.ts';
import { findProject } from '../../node/find-project.ts';
import { cacheIndex } from '../../node/project/cached-index.ts';
import { openProjectIndex } from '../../node/project/project-index.ts';

/** A project as one call of `validate` sees it; nothing of it is read again. */
export interface OpenProject {
  readonly root: string;
  readonly index: ProjectIndex;
  readonly linter: Linter;
}

/** The projects of the files that one call looks at, each opened once. */
export class Workspace {
  readonly #byFolder = new Map<string, OpenProject>();
  readonly #byRoot = new Map<string, OpenProject>();

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
    const index = cacheIndex(openProjectIndex(root, { scripts: 'read' }));
    const project = { root, index, linter: new Linter(index) };
    this.#byRoot.set(root, project);
    return project;
  }
}

/** The path of a file as messages show it: from `folder`, with forward slashes. */
export const pathFrom = (folder: string, file: string): string => relative(folder, file).split(sep).join('/');
