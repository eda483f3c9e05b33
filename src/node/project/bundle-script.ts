import { createRequire } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { findInside } from './read-inside.ts';

export type ScriptBundle = { readonly source: string } | { readonly problem: string };

/**
 * A script and what it imports as one ES module: TypeScript stripped, relative imports and packages bundled. Builtin modules of Node are refused,
 * since the module runs in an isolate without them; so are files outside the project, but for what packages bring. esbuild is loaded by the first call.
 */
export function bundleScript(file: string, root: string): ScriptBundle {
  const esbuild: typeof import('esbuild') = createRequire(import.meta.url)('esbuild');
  try {
    const result = esbuild.buildSync({
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
    });
    const outside = importFromOutside(result.metafile, root);
    if (outside !== undefined) return { problem: outside };
    const [output] = result.outputFiles;
    return output === undefined ? { problem: 'esbuild gave no output' } : { source: output.text };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    return { problem: error.errors.map((message) => describe(message, dirname(file), root)).join('; ') };
  }
}

interface Inputs {
  readonly inputs: Readonly<Record<string, { readonly imports: readonly { readonly path: string; readonly original?: string }[] }>>;
}

/** A script reads the files that it imports: with `../../.aws/credentials.json` it would take them along. Packages may lie above the project, where npm hoists them. */
function importFromOutside({ inputs }: Inputs, root: string): string | undefined {
  for (const [importer, { imports }] of Object.entries(inputs)) {
    if (/(?:^|\/)node_modules\//.test(importer)) continue;
    for (const { path, original = path } of imports) {
      const isFile = /^(?:\.|\/|file:|[A-Za-z]:)/.test(original);
      if (isFile && findInside(root, resolve(root, path)) === undefined) return `${importer}: "${original}" lies outside the project`;
    }
  }
  return undefined;
}

interface BuildMessage {
  readonly text: string;
  readonly location: { readonly file: string; readonly line: number; readonly column: number } | null;
}

function isBuildFailure(error: unknown): error is { readonly errors: readonly BuildMessage[] } {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

const NODE_BUILTIN =
  /^Could not resolve "(node:[^"]+|fs|path|os|child_process|http|https|net|crypto|url|util|stream|buffer|events|process)"/;

function describe({ text, location }: BuildMessage, folder: string, root: string): string {
  const place =
    location === null ? '' : `${relative('', location.file) || relative(root, folder)}:${location.line}:${location.column + 1}: `;
  const builtin = NODE_BUILTIN.exec(text)?.[1];
  if (builtin === undefined) return place + text;
  return `${place}"${builtin}" is a module of Node; a code agent runs in an isolate without Node, files or processes`;
}
