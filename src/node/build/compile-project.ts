import { join } from 'node:path';
import { compile } from '../../language/compile.ts';
import { Linter } from '../../language/lint.ts';
import { agentNameOf } from '../../language/versions/file-names.ts';
import type { Diagnostic } from '../../program/diagnostic.ts';
import type { Program } from '../../program/program.ts';
import type { Project } from '../find-project.ts';
import { globFiles } from '../glob-files.ts';
import { cacheIndex } from '../project/cached-index.ts';
import { listAgentFiles, listEnsembleFiles, openProjectIndex } from '../project/project-index.ts';
import { readSettings } from '../project/read-settings.ts';
import { readSource } from '../project/read-source.ts';

export interface CompiledProject {
  /** One an ensemble file, in the order of their paths; only those without errors. */
  readonly programs: readonly Program[];
  /** Errors of ensembles, agent files and settings, each once. */
  readonly errors: readonly Diagnostic[];
  readonly warnings: number;
  /** Source maps of bundled scripts by the text of their module. */
  readonly scriptMaps: ReadonlyMap<string, string>;
}

/** Compiles all of `ensembles/` but what the settings exclude, and checks the agent files that none of them runs. */
export function compileProject({ root }: Project): CompiledProject {
  const { settings, diagnostics: badSettings } = readSettings(root);
  const scriptMaps = new Map<string, string>();
  const index = cacheIndex(openProjectIndex(root, { variables: settings.env, scriptMaps }));
  const excluded = new Set(settings.exclude.flatMap((pattern) => globFiles(pattern, root)));
  const sourcesOf = (paths: readonly string[]) =>
    paths
      .toSorted()
      .filter((path) => !excluded.has(join(root, path)))
      .map((path) => readSource(join(root, path), path, root));

  const ensembles = sourcesOf(listEnsembleFiles(root)).map((source) => compile(source, index, settings));
  const linter = new Linter(index, settings);
  const agentFiles = sourcesOf(listAgentFiles(root).filter((path) => agentNameOf(path) !== undefined)).flatMap((source) =>
    linter.lint(source),
  );
  const found = withoutRepeats([...badSettings, ...ensembles.flatMap(({ diagnostics }) => diagnostics), ...agentFiles]);
  return {
    programs: ensembles.flatMap(({ program }) => program ?? []),
    errors: found.filter(({ severity }) => severity === 'error'),
    warnings: found.filter(({ severity }) => severity === 'warning').length,
    scriptMaps,
  };
}

/** What is wrong in an agent file is found again with each ensemble that runs it. */
function withoutRepeats(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const known = new Map(diagnostics.map((found) => [`${found.span.file}:${found.span.start}:${found.code}:${found.message}`, found]));
  return [...known.values()];
}
