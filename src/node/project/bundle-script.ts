import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { findRepository } from '../find-repository.ts';
import { findInside } from './find-inside.ts';
import { type BundleMessage, runEsbuild } from './run-esbuild.ts';

/** `map`: its source map, as JSON text, with the paths of its sources relative to the project's root. */
export type ScriptBundle = { readonly source: string; readonly map?: string } | { readonly problem: string };

/**
 * A script and what it imports as one ES module: TypeScript stripped, relative imports and packages bundled. Builtin modules of Node are refused,
 * since the module runs in an isolate without them; so are files outside the project, but for what packages bring. esbuild is loaded by the first call, in a thread of its own, and opens regular files only. `map` asks for the
 * source map as well.
 */
export function bundleScript(file: string, root: string, { map = false }: { readonly map?: boolean } = {}): ScriptBundle {
  const result = runEsbuild({
    absWorkingDir: root,
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'import'],
    target: 'es2024',
    legalComments: 'none',
    logLevel: 'silent',
    // An author's tsconfig is for their editor: strictness or paths in it must not change what runs.
    tsconfigRaw: {},
    metafile: true,
    // A map is of a file: its sources are relative to where that would lie.
    ...(map ? { sourcemap: 'external', sourcesContent: false, outfile: join(root, 'script.js') } : {}),
  });
  if ('errors' in result) return { problem: result.errors.map((message) => describe(message, dirname(file), root)).join('; ') };
  const refused = findRefusedImport(result.metafile, root);
  if (refused !== undefined) return { problem: refused };
  const [output] = result.outputFiles.filter(({ path }) => !path.endsWith('.map'));
  if (output === undefined) return { problem: 'esbuild gave no output' };
  const mapped = result.outputFiles.find(({ path }) => path.endsWith('.map'));
  return { source: output.text, ...(mapped === undefined ? {} : { map: mapped.text }) };
}

interface Import {
  readonly path: string;
  /** As the file spells it. */
  readonly original?: string;
  /** Left for the runtime to load. */
  readonly external?: boolean;
}
type Files = Readonly<Record<string, { readonly imports: readonly Import[] }>>;
interface Bundle {
  readonly inputs: Files;
  readonly outputs: Files;
}

/**
 * The first import that takes along what a script may not have: a file outside the project (`../../.aws/credentials.json`) or one that holds secrets, which it would
 * put into the program; or that names what the isolate could never load (an address).
 */
function findRefusedImport({ inputs, outputs }: Bundle, root: string): string | undefined {
  // What TypeScript takes out, for only its types are used, counts as external, too.
  const left = new Set(Object.values(outputs).flatMap(({ imports }) => imports.map(({ path }) => path)));
  for (const [importer, { imports }] of Object.entries(inputs)) {
    for (const { path, original = path, external } of imports) {
      if (external === true && !left.has(path)) continue;
      const reason =
        external === true
          ? 'cannot be loaded: a script imports files of the project and packages'
          : refusal(importer, path, original, root);
      if (reason !== undefined) return `${importer}: "${original}" ${reason}`;
    }
  }
  return undefined;
}

function refusal(importer: string, path: string, original: string, root: string): string | undefined {
  if (/^\.(?:dev\.vars|env)(?:\.|$)/.test(basename(path))) return 'holds secrets; read `context.env` instead';
  const file = resolve(root, path);
  const isFile = /^(?:\.|\/|file:|[A-Za-z]:)/.test(original) && !/(?:^|\/)node_modules\//.test(importer);
  const isKnown = findInside(root, file) !== undefined || (!isFile && isPackaged(root, file));
  return isKnown ? undefined : 'lies outside the project';
}

/** Packages may lie above the project, where npm hoists them, or be folders of the same repository. A link in `node_modules` to elsewhere is none. */
function isPackaged(root: string, file: string): boolean {
  // Text that stands in the import itself (`data:`) comes from no file.
  if (!existsSync(file)) return true;
  return realpathSync(file).split(sep).includes('node_modules') || findInside(findRepository(root), file) !== undefined;
}

const NODE_BUILTIN =
  /^Could not resolve "(node:[^"]+|fs|path|os|child_process|http|https|net|crypto|url|util|stream|buffer|events|process)"/;

function describe({ text, location }: BundleMessage, folder: string, root: string): string {
  const place =
    location === null ? '' : `${relative('', location.file) || relative(root, folder)}:${location.line}:${location.column + 1}: `;
  const builtin = NODE_BUILTIN.exec(text)?.[1];
  if (builtin === undefined) return place + text;
  return `${place}"${builtin}" is a module of Node; a code agent runs in an isolate without Node, files or processes`;
}
