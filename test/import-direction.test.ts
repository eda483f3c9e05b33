import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { findImports } from './support/imports.ts';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** DESIGN §2: what each room may import besides itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  program: [],
  language: ['program'],
  runtime: ['program'],
  worker: ['program', 'language', 'runtime'],
  node: ['program', 'language', 'runtime'],
  editor: ['program', 'language', 'node'],
  cli: ['program', 'language', 'runtime', 'node', 'editor'],
};

/** Packages that only some folders may see: the waist of each library. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  yaml: ['language/document'],
  acorn: ['language/expression', 'language/code'],
  jexl: ['language/expression'],
  miniflare: ['node'],
  esbuild: ['node'],
  commander: ['cli'],
  'vscode-languageserver': ['editor'],
  '@viz-js/viz': ['cli/graph'],
  'fast-xml-parser': ['cli/validate'],
  tinyglobby: ['node'],
  chokidar: ['node'],
  semver: ['language/versions'],
  croner: ['language/checks'],
  hono: ['worker/http'],
  'postal-mime': ['worker/triggers'],
  picocolors: ['cli'],
  ai: ['runtime/operations/think'],
  '@ai-sdk': ['runtime/operations/think'],
  'workers-ai-provider': ['runtime/operations/think'],
  '@cfworker/json-schema': ['runtime/schema', 'language/checks'],
};

interface Import {
  readonly file: string;
  readonly target: string;
}

function listSources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name));
}

const imports: Import[] = listSources(src).flatMap((file) =>
  findImports(file, readFileSync(file, 'utf8')).map((target) => ({
    file: relative(src, file).split(sep).join('/'),
    target: target.startsWith('.')
      ? relative(src, resolve(dirname(file), target))
          .split(sep)
          .join('/')
      : target,
  })),
);

describe('imports go one way', () => {
  test('each room imports only those below it', () => {
    const wrong = imports.filter(({ file, target }) => {
      const room = file.split('/')[0] ?? '';
      const other = target.split('/')[0] ?? '';
      if (!(other in ALLOWED)) return target.startsWith('..') && !/^\.\.\/(schemas|package\.json)/.test(target);
      return other !== room && !(ALLOWED[room] ?? []).includes(other);
    });
    expect(wrong).toEqual([]);
  });

  test('each library is seen only where it belongs', () => {
    const wrong = imports.filter(({ file, target }) => {
      const name = Object.keys(PACKAGES).find((library) => target === library || target.startsWith(`${library}/`));
      return name !== undefined && !(PACKAGES[name] ?? []).some((folder) => file.startsWith(`${folder}/`));
    });
    expect(wrong).toEqual([]);
  });

  test('no library is allowed where nothing uses it', () => {
    const unused = Object.entries(PACKAGES).flatMap(([library, folders]) =>
      folders
        .filter((folder) => !imports.some(({ file, target }) => `${target}/`.startsWith(`${library}/`) && file.startsWith(`${folder}/`)))
        .map((folder) => `${library} in ${folder}`),
    );
    expect(unused).toEqual([]);
  });

  test('the portable rooms import no host module', () => {
    const wrong = imports.filter(({ file, target }) => /^(program|language|runtime)\//.test(file) && /^(node:|cloudflare:)/.test(target));
    expect(wrong).toEqual([]);
  });

  test('the walk sees static, type-only and dynamic imports', () => {
    const text =
      "import type { A } from './a.ts';\nimport b from 'b';\nexport * from './c.ts';\nconst d = await import('./d.ts');\nb(d as typeof import('./e.ts'));\n";
    expect(findImports('x.ts', text).sort()).toEqual(['./a.ts', './c.ts', './d.ts', './e.ts', 'b']);
  });
});
