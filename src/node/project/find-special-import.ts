import { type Stats, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { readRegularText } from '../read-regular.ts';

/** Of files that import others. */
const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx|css)$/;
/** What esbuild puts behind a path that no file has. */
const ENDINGS = ['', ...['', '/index'].flatMap((before) => ['.tsx', '.ts', '.jsx', '.js', '.css', '.json'].map((end) => before + end))];
/** Bounded, since it begins anew at each of the words: a text of nothing but beginnings would take hours. */
const GAP = String.raw`(?:\s|\/\*(?:[^*]|\*(?!\/)){0,256}\*\/|\/\/[^\n]{0,256}\n){0,256}`;
/** Whatever else it finds, in a comment or in a text, costs a look at files that may not be there. */
const IMPORT = new RegExp(String.raw`\b(?:from|import|require)${GAP}(?:\(${GAP})?(["'\u0060])((?:(?!\1)[^\n\\]|\\[\s\S])*)\1`, 'g');
/** All others are names of packages. */
const PATH = /^(?:\.{1,2}(?:\/|$)|\/|file:\/\/)/;

/**
 * The first import of a file, on the way that a bundler goes from `file`, that leads to a pipe or a device, as a sentence: esbuild opens what it finds, and would wait for ever or fill the memory. Looked for in text,
 * since esbuild, asked at once (`buildSync`), tells nobody what it is about to read:
 * names of packages and of `imports`, and paths that are put together of pieces, are not followed.
 */
export function findSpecialImport(file: string, root: string): string | undefined {
  const waiting = [file];
  const seen = new Set(waiting);
  for (let importer = waiting.pop(); importer !== undefined; importer = waiting.pop()) {
    for (const written of importsOf(importer)) {
      for (const path of pathsOf(written, importer)) {
        const stats = seen.has(path) ? undefined : statOf(path);
        if (stats === undefined || stats.isDirectory()) continue;
        if (!stats.isFile()) return `${relative(root, importer)}: "${written}" is no regular file`;
        seen.add(path);
        if (SOURCE.test(path)) waiting.push(path);
      }
    }
  }
  return undefined;
}

function importsOf(file: string): readonly string[] {
  try {
    const found = [...readRegularText(file).matchAll(IMPORT)]
      .map(([, , written = '']) => decode(written))
      .filter((written) => PATH.test(written));
    return [...new Set(found)];
  } catch {
    // What cannot be read esbuild tells of.
    return [];
  }
}

function decode(written: string): string {
  return written.replace(/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|u\{([\da-fA-F]{1,6})\}|([\s\S]))/g, (_all, two, four, any, plain) => {
    if (plain !== undefined) return plain === '\n' ? '' : plain;
    const point = Number.parseInt(two ?? four ?? any, 16);
    return point > 0x10ffff ? '' : String.fromCodePoint(point);
  });
}

function pathsOf(written: string, importer: string): readonly string[] {
  const plain = written.replace(/^file:\/\//, '');
  const bases = [plain, plain.replace(/[?#].*$/, '')].map((path) => resolve(dirname(importer), path));
  // TypeScript has its files imported by the names that they are compiled to.
  const typed = bases.map((path) => path.replace(/\.([cm]?)js(x?)$/, '.$1ts$2'));
  return [...new Set([...bases, ...typed])].flatMap((path) => ENDINGS.map((ending) => path + ending));
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
