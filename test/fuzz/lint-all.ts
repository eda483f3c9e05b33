/*
 * Lints hostile and random texts, one JSON line for each that takes too long or throws, and a last one with how many there were. A process of its own, so that the test can
 * bound its memory: `node --max-old-space-size=512 lint-all.ts SEED [COUNT]`, COUNT texts of each random kind.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { writeEnsemble } from '../../bench/generated-ensembles.ts';
import { lint } from '../../src/language/lint.ts';
import { EMPTY_PROJECT, type SourceFile } from '../../src/language/project-index.ts';
import type { Diagnostic } from '../../src/program/diagnostic.ts';
import { fc } from '../support/fast-check.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';

const MAX_MS = 2_000;
const PATHS = ['ensembles/x.yaml', 'agents/x.yaml'];
const [seed, count] = [Number(process.argv[2]), Number(process.argv[3] ?? 60)];
const ensembles = new URL('../../ensembles/', import.meta.url);
const FILES = readdirSync(ensembles)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readFileSync(new URL(name, ensembles), 'utf8'));
// biome-ignore format: one line a theme
const PIECES = [
  '${', '}', '$<', '>', "'", '"', '`', ': ', '- ', '\n', '  ', '[', ']', '{', '|', '&a ', '*a', '!!x ', '#', '%', '\0', '\t', '\r\n', '\uFEFF', '\ud800',
  'state', 'agents:', 'null', '__proto__', '😀', '${state.', ' | ', '.map(x => ', '# ensemble-ignore ', 'parallel:', 'type: foreach', 'items: ', 'then:',
  'ensemble: ', 'agent: ', 'operation: ', 'config:', 'params: [', '?', 'SELECT ', 'trigger:', 'cron: "* * * * *"', 'url: http://', 'use: [', 'set: {', 'schema:',
];

const edit = fc.record({
  at: fc.nat(),
  remove: fc.nat({ max: 40 }),
  insert: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 5 })),
});
const mutated = fc.tuple(fc.constantFrom(...FILES), fc.array(edit, { minLength: 1, maxLength: 12 })).map(([file, edits]) => {
  let text = file;
  for (const { at, remove, insert } of edits) {
    const start = at % (text.length + 1);
    text = text.slice(0, start) + insert + text.slice(start + remove);
  }
  return text;
});
const joined = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 8 })), { maxLength: 200 })
  .map((pieces) => pieces.join(''));
const random = fc.string({ unit: 'binary', maxLength: 400 });

function* texts(): Generator<readonly [name: string, text: string, paths: readonly string[]]> {
  // The largest that a file may be, each a second's work: a run takes every fourth, that of another seed others; all of them with as many random ones.
  const hostile = [...HOSTILE_TEXTS].filter((_, index) => count >= 500 || index % 4 === seed % 4);
  for (const [name, write] of hostile) yield [name, write(), PATHS.slice(0, 1)];
  for (const [kind, arbitrary] of Object.entries({ mutated, joined, random })) {
    const samples = fc.sample(arbitrary, { seed, numRuns: count });
    for (const [n, text] of samples.entries()) yield [`${kind} ${n} of seed ${seed}`, text, PATHS];
  }
}

/** Milliseconds that linting takes by itself: neither what other processes take from it, nor what V8 does on other threads. */
function timeLint(source: SourceFile): { readonly found: readonly Diagnostic[]; readonly ms: number } {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  const found = lint(source, EMPTY_PROJECT);
  const { user, system } = process.cpuUsage(before);
  return { found, ms: Math.min(performance.now() - startedAt, (user + system) / 1_000) };
}

const SAMPLE = Array.from({ length: 100 }, (_, index) => writeEnsemble(index));
/** What the sample takes on the machine that the limit is meant for: two cores of an AMD EPYC with nothing else to do. */
const SAMPLE_MS = 100;

/** How many times as long as on that machine `yaml` alone takes to parse some realistic files; at least 1. */
function measureSlowness(): number {
  const times = Array.from({ length: 8 }, () => {
    const startedAt = performance.now();
    for (const text of SAMPLE) parse(text);
    return performance.now() - startedAt;
  });
  return Math.max(1, Math.min(...times) / SAMPLE_MS);
}

function problemOf(source: SourceFile): string | undefined {
  try {
    const { found, ms } = timeLint(source);
    const { length } = source.text;
    const misplaced = found.filter(({ span: { start, end } }) => !(0 <= start && start <= end && end <= length)).length;
    if (misplaced > 0) return `${misplaced} findings lie outside of the text`;
    if (ms <= MAX_MS) return undefined;
    // What is slow once may have been unlucky, or the machine is slow at the moment: of two minutes in a row one may be half as fast.
    const slowness = measureSlowness();
    const best = Math.min(ms, timeLint(source).ms, timeLint(source).ms) / slowness;
    return best <= MAX_MS ? undefined : `takes ${Math.round(best)} ms on a machine ${slowness.toFixed(1)} times as fast`;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

let linted = 0;
for (const [name, text, paths] of texts()) {
  for (const path of paths) {
    const problem = problemOf({ path, text });
    if (problem !== undefined) process.stdout.write(`${JSON.stringify({ name, path, problem })}\n`);
    linted++;
  }
}
process.stdout.write(`${JSON.stringify({ count: linted })}\n`);
