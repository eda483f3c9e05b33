import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeCommit, describeMachine } from './machine.ts';
import { type BenchmarkResult, type Comparison, formatFigure, type NotDone, toSpread } from './result.ts';

/** One thing that is measured. */
export interface Subject {
  readonly name: string;
  /** Runs one round and gives its figure, in the benchmark's unit. */
  measure(): Promise<number> | number;
  /** It is neither ours nor a floor: what it cannot do is a result, and does not end the benchmark. */
  readonly isPeer?: boolean;
  /** What we aim at: `≤ 10`, in the benchmark's unit. */
  readonly target?: string;
}

export interface Benchmark {
  readonly name: string;
  readonly unit: string;
  readonly about: string;
  readonly caveats?: readonly string[];
  readonly rounds: number;
  readonly subjects: readonly Subject[];
  readonly comparisons: readonly Comparison[];
  /** Subjects that are known not to be measurable here. */
  readonly notDone?: readonly NotDone[];
}

/** A short run that only shows that the benchmarks work: one round, small sizes, no peers, and no result is written. */
export const isSmoke = process.argv.includes('--smoke');

/** `--rounds=N`: no more than that, for a quick look. */
const mostRounds = Number(
  process.argv.find((argument) => argument.startsWith('--rounds='))?.slice('--rounds='.length) ?? Number.POSITIVE_INFINITY,
);

/** `n`, and in a smoke run something smaller. */
export const sized = (n: number, small: number): number => (isSmoke ? small : n);

/** What all rounds of one subject may take: a slow one gets fewer of them. */
export const SUBJECT_BUDGET_MS = 40_000;

interface Measured {
  /** By subject, one figure a round; a slow subject has fewer. */
  readonly samples: ReadonlyMap<string, readonly number[]>;
  readonly notDone: readonly NotDone[];
}

/**
 * Measures the subjects in alternating order (A B C, C B A, …) after a round that does not count. What that one takes tells how many rounds a subject gets within `SUBJECT_BUDGET_MS`; where it is
 * all that fits, it counts.
 */
export async function measureRounds(subjects: readonly Subject[], rounds: number, now = () => performance.now()): Promise<Measured> {
  const samples = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
  const roundsOf = new Map<Subject, number>();
  const notDone: NotDone[] = [];
  const measureOnce = async (subject: Subject): Promise<number | undefined> => {
    try {
      return await subject.measure();
    } catch (error) {
      if (subject.isPeer !== true) throw error;
      notDone.push({ subject: subject.name, why: reasonOf(error) });
      roundsOf.delete(subject);
      return undefined;
    }
  };
  for (const subject of subjects) {
    const startedAt = now();
    const figure = await measureOnce(subject);
    if (figure === undefined) continue;
    const fitting = Math.floor(SUBJECT_BUDGET_MS / (now() - startedAt)) - 1;
    if (fitting < 1 || rounds === 0) samples.get(subject.name)?.push(figure);
    else roundsOf.set(subject, Math.min(rounds, fitting));
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) {
      if (round >= (roundsOf.get(subject) ?? 0)) continue;
      const figure = await measureOnce(subject);
      if (figure !== undefined) samples.get(subject.name)?.push(figure);
    }
  }
  return { samples, notDone };
}

/** The ratios and differences of the comparisons, taken round by round, so that a drift of the machine cancels out. A comparison with something that was not done is left out. */
export function compareRounds(comparisons: readonly Comparison[], samples: Measured['samples']): BenchmarkResult['ratios'] {
  return comparisons.flatMap((comparison) => {
    const figures = samples.get(comparison.subject) ?? [];
    const others = samples.get(comparison.against) ?? [];
    const pairs = figures.slice(0, others.length).map((figure, round) => {
      const other = others[round] ?? Number.NaN;
      return comparison.as === 'difference' ? figure - other : figure / other;
    });
    return pairs.length === 0 ? [] : [{ ...comparison, ...toSpread(pairs) }];
  });
}

/** Measures, prints the ratios first, and writes `bench/results/<name>.json`. */
export async function runBenchmark(benchmark: Benchmark): Promise<BenchmarkResult> {
  const { name, unit, about, subjects } = benchmark;
  const names = new Set(subjects.map((subject) => subject.name));
  const machine = describeMachine();
  const startedAt = performance.now();
  const { samples, notDone } = await measureRounds(subjects, isSmoke ? 0 : Math.min(benchmark.rounds, mostRounds));
  const result: BenchmarkResult = {
    name,
    unit,
    about,
    caveats: benchmark.caveats ?? [],
    machine,
    date: new Date().toISOString().slice(0, 10),
    commit: describeCommit(),
    seconds: Math.round((performance.now() - startedAt) / 1_000),
    figures: subjects.flatMap(({ name: subject, target }) => {
      const figures = samples.get(subject) ?? [];
      return figures.length === 0 ? [] : [{ subject, ...toSpread(figures), ...(target === undefined ? {} : { target }) }];
    }),
    ratios: compareRounds(
      benchmark.comparisons.filter(({ subject, against }) => names.has(subject) && names.has(against)),
      samples,
    ),
    notDone: [...(benchmark.notDone ?? []), ...notDone],
  };
  print(result);
  if (!isSmoke) write(result);
  return result;
}

function print({ name, unit, machine, seconds, ratios, figures, notDone }: BenchmarkResult): void {
  console.log(`\n${name} (${machine}; ${seconds} s)`);
  for (const { subject, against, as, median, min, max, target } of ratios) {
    const sign = as === 'difference' ? ` ${unit} over` : '×';
    const spread = `(${formatFigure(min)}–${formatFigure(max)})`;
    console.log(`  ${formatFigure(median)}${sign} ${spread}  ${subject} / ${against}${target === undefined ? '' : `   target ${target}`}`);
  }
  for (const { subject, median, min, max, rounds, target } of figures) {
    const spread = `(${formatFigure(min)}–${formatFigure(max)}, ${rounds} rounds)`;
    console.log(`  ${subject}: ${formatFigure(median)} ${unit} ${spread}${target === undefined ? '' : `   target ${target}`}`);
  }
  for (const { subject, why } of notDone) console.log(`  ${subject}: not done: ${why}`);
}

function write(result: BenchmarkResult): void {
  const folder = fileURLToPath(new URL('results/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}${result.name}.json`, `${JSON.stringify(result, null, 2)}\n`);
}

/** One line of what went wrong. */
function reasonOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
