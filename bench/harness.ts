import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

/** One measured subject. `samples` are in `unit`, one a round; ratios are taken round by round, so that a drift of the machine cancels out. */
export interface Subject {
  readonly name: string;
  /** Runs one round and gives its figure, in the benchmark's unit. */
  measure(): Promise<number> | number;
}

export interface Comparison {
  readonly subject: string;
  readonly against: string;
  /** What DESIGN §6 aims at, in words: `≤ 1.3`. */
  readonly target?: string;
}

export interface Benchmark {
  readonly name: string;
  readonly unit: string;
  readonly rounds: number;
  readonly subjects: readonly Subject[];
  readonly comparisons: readonly Comparison[];
}

interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface BenchmarkResult {
  readonly name: string;
  readonly unit: string;
  readonly rounds: number;
  readonly machine: string;
  readonly figures: readonly (Spread & { readonly subject: string })[];
  readonly ratios: readonly (Spread & Comparison)[];
}

function toSpread(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const at = (i: number): number => sorted[i] ?? Number.NaN;
  return { median: sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2, min: at(0), max: at(sorted.length - 1) };
}

const format = (n: number): string => (n >= 100 ? n.toFixed(0) : n >= 1 ? n.toFixed(2) : n.toPrecision(3));

/**
 * Measures the subjects in alternating order (A B C, C B A, …) after one round that does not count, prints the ratios first, and
 * writes `bench/results/<name>.json`.
 */
export async function runBenchmark(benchmark: Benchmark): Promise<BenchmarkResult> {
  const samples = new Map<string, number[]>(benchmark.subjects.map(({ name }) => [name, []]));
  for (let round = -1; round < benchmark.rounds; round += 1) {
    const order = round % 2 === 0 ? benchmark.subjects : benchmark.subjects.toReversed();
    for (const subject of order) {
      const figure = await subject.measure();
      if (round >= 0) samples.get(subject.name)?.push(figure);
    }
  }
  const of = (name: string): readonly number[] => samples.get(name) ?? [];
  const result: BenchmarkResult = {
    name: benchmark.name,
    unit: benchmark.unit,
    rounds: benchmark.rounds,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}, ${process.platform} ${process.arch}`,
    figures: benchmark.subjects.map(({ name }) => ({ subject: name, ...toSpread(of(name)) })),
    ratios: benchmark.comparisons.map((comparison) => ({
      ...comparison,
      ...toSpread(of(comparison.subject).map((figure, i) => figure / (of(comparison.against)[i] ?? Number.NaN))),
    })),
  };
  console.log(`\n${result.name} (${result.machine}; ${result.rounds} rounds)`);
  for (const { subject, against, median, min, max, target } of result.ratios) {
    console.log(`  ${format(median)}× (${format(min)}–${format(max)})  ${subject} / ${against}${target ? `   target ${target}` : ''}`);
  }
  for (const { subject, median, min, max } of result.figures) {
    console.log(`  ${subject}: ${format(median)} ${result.unit} (${format(min)}–${format(max)})`);
  }
  const folder = fileURLToPath(new URL('results/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}${result.name}.json`, `${JSON.stringify(result, null, 2)}\n`);
  return result;
}
