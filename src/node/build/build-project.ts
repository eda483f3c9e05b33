import { join } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import { type BuildManifest, DEPLOYMENT_FORMAT } from '../../program/deployment.ts';
import type { Diagnostic } from '../../program/diagnostic.ts';
import { WORKER_BINDINGS } from '../../program/host-protocol.ts';
import type { Program } from '../../program/program.ts';
import type { Project } from '../find-project.ts';
import { needsOf } from '../host-needs.ts';
import { readDeployedModules } from '../worker-modules.ts';
import { readDeployConfig } from '../wrangler/deploy-config.ts';
import { checkDeployable } from './check-deployable.ts';
import { type BuiltCode, buildCodeModules } from './code-modules.ts';
import { compileProject } from './compile-project.ts';
import { describeEnsemble } from './describe-ensemble.ts';
import { type BuildSize, measureBuild } from './measure-build.ts';
import { programPath, renderEntry, renderProgram } from './render-entry.ts';
import { GLOBALS_MODULE, GLOBALS_SOURCE } from './static-module.ts';
import { checkBuildFolder, writeBuild } from './write-build.ts';

/** Where a project's build lies, relative to its root. */
export const BUILD_FOLDER = join('.ensemble', 'build');

export interface BuildOptions {
  readonly project: Project;
  /** Absolute. Default: BUILD_FOLDER in the project. Replaced as a whole. */
  readonly folder?: string;
  /** A named environment of the wrangler configuration: its variables, and whether it has a Worker Loader. */
  readonly environment?: string | undefined;
}

export type BuildOutcome =
  | {
      readonly type: 'built';
      readonly folder: string;
      readonly manifest: BuildManifest;
      readonly files: readonly BuiltFile[];
      readonly size: BuildSize;
      /** How many `ensemble validate` has for these files. */
      readonly warnings: number;
      /** As the manifest lists them. */
      readonly programs: readonly Program[];
    }
  | { readonly type: 'refused'; readonly diagnostics: readonly Diagnostic[] };

/** `path` is relative to the build's folder. */
export interface BuiltFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Compiles all ensembles of a project into one module tree that wrangler deploys (`no_bundle`): entry `index.js`. The same project gives the same bytes. Nothing is written when anything is
 * wrong.
 * @throws ProjectProblem for a project that cannot be deployed as it is, though its files have no errors; for a broken configuration; for a folder that is not for us to replace.
 */
export async function buildProject({
  project,
  folder = join(project.root, BUILD_FOLDER),
  environment,
}: BuildOptions): Promise<BuildOutcome> {
  const platform = readPlatform(project, environment);
  checkBuildFolder(folder, project.root);
  const { programs, errors, warnings, scriptMaps } = compileProject(project);
  if (errors.length > 0) return { type: 'refused', diagnostics: errors };
  const ensembles = await Promise.all(programs.map(describeEnsemble));
  checkDeployable(ensembles);
  const manifest: BuildManifest = { format: DEPLOYMENT_FORMAT, version: packageJson.version, ensembles, ...platform };
  const code = manifest.code === 'static' ? await buildCodeModules(programs, scriptMaps) : [];
  const files = listFiles(manifest, programs, code);
  const size = measureBuild(files);
  writeBuild(folder, files);
  return {
    type: 'built',
    folder,
    manifest,
    files: Array.from(files, ([path, text]) => ({ path, bytes: Buffer.byteLength(text) })),
    size,
    warnings,
    programs,
  };
}

/** What the wrangler configuration says about the Worker. */
function readPlatform({ wranglerFile }: Project, environment: string | undefined): Pick<BuildManifest, 'code' | 'vars'> {
  if (wranglerFile === undefined) return { code: 'static', vars: [] };
  const { workerLoaders, vars } = readDeployConfig(wranglerFile, environment);
  const hasLoader = workerLoaders.some(({ binding }) => binding === WORKER_BINDINGS.loader);
  return { code: hasLoader ? 'loader' : 'static', vars: Object.keys(vars) };
}

function listFiles(manifest: BuildManifest, programs: readonly Program[], code: readonly BuiltCode[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const keys = code.map(({ key }) => key);
  files.set('index.js', renderEntry(manifest, keys));
  files.set('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  const hasThink = programs.some((program) => needsOf(program).lazyModules);
  for (const { name, contents } of readDeployedModules(hasThink)) files.set(`runtime/${name}`, contents);
  for (const [index, program] of programs.entries()) {
    const ensemble = manifest.ensembles[index];
    if (ensemble !== undefined) files.set(programPath(ensemble), renderProgram(program));
  }
  files.set(`code/${GLOBALS_MODULE}`, GLOBALS_SOURCE);
  for (const { key, text, map } of code) {
    files.set(`code/${key}.js`, text);
    if (map !== '') files.set(`code/${key}.js.map`, map);
  }
  return files;
}
