import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildResult, build, transform } from 'esbuild';

/** One file with all that these modules, and what they import, are made of, as far as no pack before it has that. */
export interface Pack {
  readonly name: string;
  readonly modules: readonly string[];
}

type Chunks = BuildResult<{ metafile: true; write: false }>;

const START = fileURLToPath(new URL('../src/node/start-chunk.ts', import.meta.url));
/** What is in no pack and belongs to several of those that are imported on demand. */
const SHARED = 'shared';
/** Modules of Node that take long to load: whoever imports some of one by name loads it when it is first used, since most commands need little of what they import. */
const HEAVY = ['child_process', 'crypto', 'http', 'net', 'os', 'timers/promises', 'worker_threads'];
const HEAVY_IMPORT = new RegExp(`^var (import_\\w+) = (require\\("node:(?:${HEAVY.join('|')})"\\));\n`, 'gm');

/**
 * Puts the chunks of a build, ES modules by the hundred, into few files of functions, for src/node/chunk-loader.ts. Node takes up to a millisecond to find, read and link an ES module, reads every
 * property of a module of its own that one imports, which loads much of Node that nobody uses, and keeps no compiled functions of it. A chunk runs when the first other asks for it, as a module would.
 *
 * `entries`: by name, the modules that one can start at.
 * @returns the texts of the files by their paths: `<name>.js` for each of `entries`, which exports what its module does, and `chunks/*.js`, one for each pack and each module that is imported on demand and is in no pack.
 */
export async function packChunks(
  built: Chunks,
  packs: readonly Pack[],
  entries: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, string>> {
  const groups = groupChunks(built, packs);
  const functions = await Promise.all(built.outputFiles.map(async ({ path, text }) => [basename(path), await toFunction(text)] as const));
  const texts = new Map<string, string>();
  const fileOf: Record<string, string> = {};
  for (const [group, members] of Map.groupBy(functions, ([chunk]) => groups[chunk] ?? SHARED)) {
    const table = members.map(([chunk, text]) => `${JSON.stringify(chunk)}: ${text}`).join(',\n');
    const text = `(function (require, __filename, __dirname) { 'use strict'; return {\n${table}\n}; })\n`;
    const name = `${group}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
    texts.set(`chunks/${name}.js`, text);
    for (const [chunk] of members) fileOf[chunk] = name;
  }
  const start = await bundleStart();
  for (const [name, module] of Object.entries(entries)) {
    const given = [name, basename(chunkOf(built, module)), fileOf].map((value) => JSON.stringify(value)).join(', ');
    texts.set(`${name}.js`, `${start}module.exports = start.startChunk(${given}, { dirname: __dirname, require });\n`);
  }
  return texts;
}

/** The name of the pack, or of what is none, that each chunk is put into, by their names. */
function groupChunks(built: Chunks, packs: readonly Pack[]): Readonly<Record<string, string>> {
  const { outputs } = built.metafile;
  const groups: Record<string, string> = {};
  const add = (path: string, group: string): void => {
    if (groups[basename(path)] !== undefined) return;
    groups[basename(path)] = group;
    for (const { path: next, kind } of outputs[path]?.imports ?? []) if (kind === 'import-statement' && next in outputs) add(next, group);
  };
  for (const { name, modules } of packs) for (const module of modules) add(chunkOf(built, module), name);
  for (const [path, { entryPoint }] of Object.entries(outputs)) {
    const chunk = basename(path);
    groups[chunk] ??= entryPoint === undefined ? SHARED : chunk.slice(0, chunk.lastIndexOf('-'));
  }
  return groups;
}

/** The path of the chunk that begins with a module, else of the one that has it. */
function chunkOf({ metafile: { outputs } }: Chunks, module: string): string {
  const paths = Object.keys(outputs);
  const found = paths.find((path) => outputs[path]?.entryPoint === module) ?? paths.find((path) => module in (outputs[path]?.inputs ?? {}));
  if (found === undefined) throw new Error(`${module} is in no chunk`);
  return found;
}

/** An ES module as a function of `module` and `require`. */
async function toFunction(text: string): Promise<string> {
  const { code } = await transform(text, {
    format: 'cjs',
    target: 'node22',
    // What is imported on demand is `require`d, too.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.filename': '__filename', 'import.meta.dirname': '__dirname', 'import.meta.url': '__moduleUrl' },
  });
  const moduleUrl = code.includes('__moduleUrl') ? "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;\n" : '';
  return `function (module, require) {\n${moduleUrl}${toAscii(loadLate(code))}}`;
}

/** esbuild leaves regular expressions and comments as they are; V8 takes half the memory for a text of single bytes, and Node no time to read one. */
function toAscii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Puts the loading of a heavy module where it is used. */
function loadLate(code: string): string {
  let late = code;
  for (const [declaration, name, load = ''] of code.matchAll(HEAVY_IMPORT)) {
    late = late.replace(declaration, '').replace(new RegExp(`\\b${name}(?=\\.)`, 'g'), () => `(${load})`);
  }
  return late;
}

/** Code that defines `start`, what src/node/start-chunk.ts exports. */
async function bundleStart(): Promise<string> {
  const options = { bundle: true, write: false, format: 'iife', globalName: 'start', platform: 'node', target: 'node22' } as const;
  const { outputFiles } = await build({ ...options, entryPoints: [START] });
  return outputFiles[0]?.text ?? '';
}
