import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BuildManifest, DEPLOYMENT_FORMAT, type EnsembleManifest } from '../../program/deployment.ts';
import type { Diagnostic } from '../../program/diagnostic.ts';
import { hashProgram } from '../../program/hash.ts';
import type { Program } from '../../program/program.ts';
import { compileFound } from '../compile-ensemble.ts';
import type { Project } from '../find-project.ts';
import { listEnsembleFiles } from '../project/project-index.ts';
import { readInside } from '../project/read-inside.ts';
import { readWorkerModules } from '../worker-modules.ts';

/** Where a project's build lies, relative to its root. */
export const BUILD_FOLDER = join('.ensemble', 'build');

export interface BuildOptions {
  readonly project: Project;
  /** Absolute. Default: BUILD_FOLDER in the project. Replaced as a whole. */
  readonly folder?: string;
}

export type BuildOutcome =
  | {
      readonly type: 'built';
      readonly folder: string;
      readonly manifest: BuildManifest;
      readonly files: readonly BuiltFile[];
      /** As the manifest lists them. */
      readonly programs: readonly Program[];
    }
  | { readonly type: 'refused'; readonly diagnostics: readonly Diagnostic[] };

/** `path` is relative to the build's folder. */
export interface BuiltFile {
  readonly path: string;
  readonly bytes: number;
}

/** Compiles all ensembles of a project into one module tree that wrangler deploys (`no_bundle`): entry `index.js`. */
export async function buildProject({ project, folder = join(project.root, BUILD_FOLDER) }: BuildOptions): Promise<BuildOutcome> {
  const compiled: { readonly program: Program; readonly ensemble: EnsembleManifest }[] = [];
  const errors: Diagnostic[] = [];
  for (const path of listEnsembleFiles(project.root)) {
    const source = readInside(project.root, path);
    if (source === undefined) continue;
    const { program, errors: found } = compileFound({ project, source });
    errors.push(...found);
    if (program !== undefined) compiled.push({ program, ensemble: await describe(program) });
  }
  if (errors.length > 0) return { type: 'refused', diagnostics: errors };
  const manifest: BuildManifest = {
    format: DEPLOYMENT_FORMAT,
    version: '0.1.0',
    ensembles: compiled.map(({ ensemble }) => ensemble),
    code: 'loader',
    vars: [],
  };
  const files = new Map<string, string>();
  for (const { name, contents } of readWorkerModules(true, 'deployed')) files.set(`runtime/${name}`, contents);
  for (const { program, ensemble } of compiled) files.set(programPath(ensemble), `export default ${asExpression(program)};\n`);
  files.set('manifest.json', JSON.stringify(manifest, null, 2));
  files.set('index.js', renderEntry(manifest));
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return {
    type: 'built',
    folder,
    manifest,
    files: Array.from(files, ([path, text]) => ({ path, bytes: Buffer.byteLength(text) })),
    programs: compiled.map(({ program }) => program),
  };
}

async function describe(program: Program): Promise<EnsembleManifest> {
  return {
    id: program.file.replace(/^ensembles\//, '').replace(/\.ya?ml$/, ''),
    name: program.ensemble,
    ...(program.version === undefined ? {} : { version: program.version }),
    ...(program.description === undefined ? {} : { description: program.description }),
    file: program.file,
    hash: await hashProgram(program),
    engine: program.engine ?? 'durable-object',
    ...(program.body.input === undefined ? {} : { input: program.body.input }),
    triggers: program.triggers,
  };
}

function programPath({ hash }: EnsembleManifest): string {
  return `programs/${hash.slice(0, 16)}.js`;
}

function renderEntry({ ensembles, ...rest }: BuildManifest): string {
  const listed = ensembles.map(
    (ensemble) => `    { ...${asExpression(ensemble)}, load: () => import(${JSON.stringify(`./${programPath(ensemble)}`)}) },`,
  );
  return [
    "import { createWorker } from './runtime/deployed.js';",
    "export { ClaimObject, EnsembleWorkflow, RunIndex, RunObject, ScopeIndex, StateObject } from './runtime/deployed.js';",
    'export default createWorker({',
    `  ...${asExpression(rest)},`,
    '  ensembles: [',
    ...listed,
    '  ],',
    '  modules: {},',
    '});',
    '',
  ].join('\n');
}

/** Data as JavaScript that gives it back: as a literal, a key `__proto__` would be no key. */
function asExpression(value: unknown): string {
  return `JSON.parse(${JSON.stringify(JSON.stringify(value))})`;
}
