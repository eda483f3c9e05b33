import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { writeProject } from '../support/written-project.ts';

const bin = fileURLToPath(new URL('../../bin/ensemble.js', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));

/** Prints every file that the process loads: by the hook that Node offers for it, and for our own chunks and for miniflare, which src/node/chunk-loader.ts loads, by what it reads them with. */
const HOOK = `data:text/javascript,${encodeURIComponent(`
import fs from 'node:fs';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
const tell = (url) => process.stderr.write('\\nLOADED ' + url + '\\n');
registerHooks({ load(url, context, next) { if (url.startsWith('file:')) tell(url); return next(url, context); } });
const { readFileSync } = fs;
fs.readFileSync = (path, ...rest) => {
  if (typeof path === 'string' && /[/\\\\](chunks|node_modules)[/\\\\].+\\.js$/.test(path)) tell(pathToFileURL(path).href);
  return readFileSync(path, ...rest);
};
`)}`;

const loadedBy = (...args: string[]): string[] => loadedIn(root, args);

function loadedIn(cwd: string, args: readonly string[]): string[] {
  const { stderr } = spawnSync(process.execPath, ['--import', HOOK, bin, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ENSEMBLE_API_KEY: 'a-key' },
  });
  return [...stderr.matchAll(/^LOADED (.*)$/gm)].map(([, url = '']) =>
    decodeURIComponent(url).slice(new URL('../../', import.meta.url).href.length),
  );
}

describe('what the CLI loads', () => {
  test.each([[['--help']], [['run', '--help']], [['--version']], [['rum']], [['run']], [['run', 'x', '--jsn']]])(
    '%j loads the command line alone: no compiler, no miniflare, no esbuild, no AI SDK',
    (args) => {
      const loaded = loadedBy(...args);
      expect(loaded).toContain('dist/cli.js');
      expect(loaded.filter((path) => !/^(bin\/ensemble|dist\/cli|dist\/chunks\/cli-\w+)\.js$/.test(path))).toEqual([]);
      expect(loaded.some((path) => path.startsWith('dist/chunks/cli-'))).toBe(true);
      // Nothing of those packages is in them.
      expect(loaded.reduce((bytes, path) => bytes + statSync(join(root, path)).size, 0)).toBeLessThan(250_000);
    },
  );

  test('a run that ends before anything runs loads the compiler, and neither miniflare nor esbuild', () => {
    const loaded = loadedBy('run', 'ensembles/visit-counter.yaml', 'page=/', '--dry-run');
    expect(loaded.some((path) => path.startsWith('dist/chunks/compiler-'))).toBe(true);
    expect(loaded.filter((path) => /node_modules|\/host-/.test(path))).toEqual([]);
  });

  test('a run loads miniflare, where it is seen', () => {
    using project = writeProject({
      'ensembles/one.yaml': 'ensemble: one\nagents:\n  - name: a\n    operation: transform\n    config: { value: 1 }\n',
    });
    const loaded = loadedIn(project.root, ['--no-host', 'run', 'one']);
    expect(loaded.filter((path) => /node_modules\/miniflare\/dist\/src\/index\.js$/.test(path))).toHaveLength(1);
  });

  test.each([[['runs']], [['show', 'latest']], [['run', 'refund', 'order=a1']], [['state', 'scopes']]])(
    '%j on a deployed Worker loads no host of this machine, and no compiler',
    (args) => {
      const loaded = loadedBy(...args, '--remote', 'http://127.0.0.1:1');
      expect(loaded.some((path) => /open-remote|run-deployed/.test(path))).toBe(true);
      expect(loaded.filter((path) => /node_modules|\/host-|\/compile/.test(path))).toEqual([]);
    },
  );

  test.each([
    ['explain', 'spliced-sql'],
    ['schema', 'agent'],
    ['eval', '1 + 1'],
    ['graph', 'catalog-sync', '--format', 'mermaid'],
  ])('%s %s loads neither miniflare nor esbuild nor Graphviz', (...args) => {
    expect(loadedBy(...args).filter((path) => /node_modules|\/host-|\/viz-/.test(path))).toEqual([]);
  });

  test('validate loads what looks for files only when it has to, and what watches them only to watch', () => {
    const named = loadedBy('validate', 'ensembles/visit-counter.yaml');
    expect(named.some((path) => path.startsWith('dist/chunks/compiler-'))).toBe(true);
    expect(named.filter((path) => /node_modules|\/host-|find-files|watch-and-validate|sarif|junit/.test(path))).toEqual([]);
    const all = loadedBy('validate');
    expect(all.some((path) => path.startsWith('dist/chunks/find-files'))).toBe(true);
    // The library that walks folders asks for picomatch once more when it happens to be there.
    expect(all.filter((path) => /node_modules\/(?!picomatch\/)|\/host-|watch-and-validate/.test(path))).toEqual([]);
  });

  test('lsp loads the compiler, and neither miniflare nor esbuild nor what other commands need', () => {
    const loaded = loadedBy('lsp');
    expect(loaded.some((path) => path.startsWith('dist/chunks/run-server'))).toBe(true);
    expect(loaded.filter((path) => /node_modules|\/host-|\/viz-|find-files/.test(path))).toEqual([]);
  });

  test('Graphviz is loaded for a picture alone', () => {
    expect(loadedBy('graph', 'catalog-sync', '--format', 'svg').some((path) => /\/viz-/.test(path))).toBe(true);
  });
});
