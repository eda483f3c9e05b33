/** Of several rounds. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** How many were measured. */
  readonly rounds: number;
}

export interface Comparison {
  readonly subject: string;
  readonly against: string;
  /** `difference`: by how much the first figure is larger, in the unit of the benchmark. Default: how many times as large it is. */
  readonly as?: 'difference';
  /** What we aim at: `≤ 5` or `≥ 10`. */
  readonly target?: string;
}

/** One file of `bench/results/`. */
export interface BenchmarkResult {
  readonly name: string;
  /** What the figures are of: `µs an agent`. */
  readonly unit: string;
  /** What is measured, in a sentence or two. */
  readonly about: string;
  /** What is not measured, and what is unfair to whom. */
  readonly caveats: readonly string[];
  readonly machine: string;
  /** The day, in UTC: `2026-11-21`. */
  readonly date: string;
  /** The commit that was measured; with a `+`, something in `src/` or `bench/` was not committed. */
  readonly commit: string;
  readonly seconds: number;
  readonly figures: readonly (Spread & { readonly subject: string; readonly target?: string })[];
  readonly ratios: readonly (Spread & Comparison)[];
  readonly notDone: readonly NotDone[];
}

/** A peer that could not be measured. */
export interface NotDone {
  readonly subject: string;
  readonly why: string;
}

export function toSpread(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const at = (i: number): number => sorted[i] ?? Number.NaN;
  return {
    median: sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2,
    min: at(0),
    max: at(sorted.length - 1),
    rounds: sorted.length,
  };
}

/** Whether a figure is within its target; undefined where the target is no `≤ n` or `≥ n`. */
export function meets(figure: number, target: string): boolean | undefined {
  const [, sign, limit] = /^([≤≥]) ([\d.]+)$/.exec(target) ?? [];
  if (sign === undefined) return undefined;
  return sign === '≤' ? figure <= Number(limit) : figure >= Number(limit);
}

/** Three digits, as many as such a measurement is worth. */
export function formatFigure(n: number): string {
  if (Math.abs(n) >= 1_000) return Math.round(n).toLocaleString('en');
  return String(Number(n.toPrecision(3)));
}
