import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ChunkLoader } from '../../src/node/chunk-loader.ts';
import { atLimit } from '../support/at-limit.ts';

const LONG_AGO = new Date('2020-01-01');
const isWindows = process.platform === 'win32';

let folder: string;
let cacheFolder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ensemble-chunks-'));
  cacheFolder = join(folder, 'cache');
  mkdirSync(cacheFolder);
  write('one', `'a.js'(module, require) { module.exports = { path: require('node:path'), b: require('./chunks/b.js'), at: __filename }; }`);
  write('two', `'b.js'(module, require) { module.exports.a = () => require('../a.js'); }, 'c.js'() { throw new Error('is run'); }`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, chunks: string): void {
  writeFileSync(join(folder, `${name}.js`), `(function (require, __filename, __dirname) { 'use strict'; return { ${chunks} }; })`);
}

function open(cached: string | undefined = cacheFolder): ChunkLoader {
  const files = { 'a.js': 'one', 'b.js': 'two', 'c.js': 'two' };
  return new ChunkLoader({ folder, files, require: createRequire(import.meta.url), cacheFolder: cached, purpose: 'test' });
}

const cacheOf = (name: string) => join(cacheFolder, `ensemble-test-${name}`);

/** Runs a process's worth and tells whether it wrote the code anew. */
function keepsAnew(): boolean {
  utimesSync(cacheOf('two'), LONG_AGO, LONG_AGO);
  const loader = open();
  expect(loader.load('b.js')).toHaveProperty('a');
  loader.keep();
  return statSync(cacheOf('two')).mtime > LONG_AGO;
}

describe('chunks of the build', () => {
  test('a chunk is run when the first other asks for it, gets others by their names and the rest by require, also in a circle', () => {
    const a = open().load('a.js') as { path: unknown; b: { a(): unknown }; at: string };
    expect(a.path).toBe(createRequire(import.meta.url)('node:path'));
    expect(a.b.a()).toBe(a);
    expect(a.at).toBe(join(folder, 'one.js'));
  });

  test('what V8 has compiled is kept once, for the owner alone, without drafts', () => {
    const loader = open();
    loader.load('a.js');
    loader.keep();
    expect(readdirSync(cacheFolder).sort()).toEqual(['ensemble-test-one', 'ensemble-test-two']);
    if (!isWindows) expect(statSync(cacheOf('two')).mode & 0o777).toBe(0o600);
    expect(keepsAnew()).toBe(false);
  });

  const isKeptAt = (seconds: number) => {
    const uptime = vi.spyOn(process, 'uptime').mockReturnValue(seconds);
    const loader = open();
    loader.load('a.js');
    loader.keep();
    uptime.mockRestore();
    return readdirSync(cacheFolder).length > 0;
  };
  atLimit('src/node/chunk-loader.ts MAX_AGE_S', {
    within: (seconds) => expect(isKeptAt(seconds)).toBe(true),
    beyond: (seconds) => expect(isKeptAt(seconds)).toBe(false),
  });

  test('a draft that another has left, or is at, keeps nobody from writing, and stays', () => {
    const draft = `${cacheOf('two')}.${process.pid}`;
    writeFileSync(draft, 'begun');
    const loader = open();
    loader.load('a.js');
    loader.keep();
    expect(keepsAnew()).toBe(false);
    expect(readFileSync(draft, 'utf8')).toBe('begun');
  });

  test.skipIf(isWindows).each([0o620, 0o602])('kept code that others may write (%o) is not run, and replaced', (mode) => {
    const loader = open();
    loader.load('a.js');
    loader.keep();
    chmodSync(cacheOf('two'), mode);
    expect(keepsAnew()).toBe(true);
    expect(statSync(cacheOf('two')).mode & 0o777).toBe(0o600);
  });

  test.each(['', 'no code', '\0'.repeat(10_000)])('kept code that is none (%#) is replaced', (content) => {
    writeFileSync(cacheOf('two'), content, { mode: 0o600 });
    expect(keepsAnew()).toBe(true);
    expect(keepsAnew()).toBe(false);
  });

  test('without a folder, or with one that cannot be written to, chunks load all the same', () => {
    for (const cached of [undefined, join(folder, 'missing'), join(folder, 'one.js')]) {
      const loader =
        cached === undefined
          ? new ChunkLoader({ folder, files: { 'b.js': 'two' }, require: createRequire(import.meta.url), purpose: 'test' })
          : open(cached);
      expect(loader.load('b.js')).toHaveProperty('a');
      loader.keep();
    }
    expect(readdirSync(cacheFolder)).toEqual([]);
  });
});

describe('a package whose code is kept', () => {
  const text = (value: string) =>
    `exports.at = [__dirname, require('./other.js')]; exports.value = () => '${value}'; exports.load = () => import('./late.mjs'); exports.set = (it) => { module.exports = it; };`;
  const openPackage = (cached: string | undefined = cacheFolder): ChunkLoader => {
    const options = {
      folder,
      files: { 'd.js': 'three' },
      require: createRequire(join(folder, 'any.js')),
      purpose: 'test',
      packages: new Set(['big']),
    };
    return new ChunkLoader(cached === '' ? options : { ...options, cacheFolder: cached });
  };
  interface Big {
    readonly at: unknown;
    value(): string;
    load(): Promise<unknown>;
  }
  beforeEach(() => {
    const at = join(folder, 'node_modules/big');
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, 'index.js'), text('one é'));
    writeFileSync(join(at, 'other.js'), 'module.exports = 7;');
    writeFileSync(join(at, 'late.mjs'), 'export const late = true;');
    write('three', `'d.js'(module, require) { module.exports = () => require('big'); }`);
  });
  const load = (loader: ChunkLoader) => (loader.load('d.js') as () => Big)();

  test('is a module as any other, once', async () => {
    const loader = openPackage();
    const big = load(loader);
    expect([big.at, big.value(), load(loader)]).toEqual([[join(folder, 'node_modules/big'), 7], 'one é', big]);
    expect(await big.load()).toMatchObject({ late: true });
  });

  test('is run as it is now: of another text, also one of the same length, no code was kept', () => {
    const kept = () => readdirSync(cacheFolder).filter((name) => name.startsWith('ensemble-big-'));
    for (const [value, files] of [
      ['one é', 1],
      ['one é', 1],
      ['two é', 2],
    ] as const) {
      writeFileSync(join(folder, 'node_modules/big/index.js'), text(value));
      const loader = openPackage();
      expect(load(loader).value()).toBe(value);
      loader.keep();
      expect(kept()).toHaveLength(files);
    }
  });

  test('is loaded by Node where nothing is kept', () => {
    expect(load(openPackage('')).value()).toBe('one é');
    expect(readdirSync(cacheFolder)).toEqual([]);
  });
});

test('the build is ASCII, as the loader reads it: a letter of a regular expression would be two others', () => {
  const built = fileURLToPath(new URL('../../dist/chunks/', import.meta.url));
  const files = readdirSync(built);
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((name) => /[^\0-\x7f]/.test(readFileSync(join(built, name), 'utf8')))).toEqual([]);
});
