import type { BenchmarkResult } from '../../bench/result.ts';

/** A figure of a page with the comment behind it that says which result it is of. */
export interface CitedFigure {
  readonly line: number;
  /** As printed: `8.2 µs`. */
  readonly text: string;
  readonly benchmark: string;
  readonly subject: string;
}

const CITATION = /<!-- bench: ([\w-]+)((?: "[^"]+")+) -->/g;
const FIGURE = /(\d[\d,]*(?:\.\d+)?)(?: ?(ns|µs|ms|seconds?|s|bytes|kB|KiB|MB|MiB|×)(?![\w/]))?/g;
/** Units in which nothing but a measurement is told: limits and settings have others. */
const MEASURED = /\d ?(?:ns|µs)(?!\w)|\d ?×(?! ?\d)/;

const SECONDS: Readonly<Record<string, number>> = { ns: 1e-9, µs: 1e-6, ms: 1e-3, s: 1, second: 1, seconds: 1 };
const BYTES: Readonly<Record<string, number>> = { bytes: 1, kB: 1e3, KiB: 1_024, MB: 1e6, MiB: 1_048_576 };

/**
 * The figures of a page that have a citation behind them, `<!-- bench: engine "Ensemble, 1,000 agents" -->`: one of so many names stands for as many figures, the last ones before it in its line. `"A / B"` is
 * a ratio on file, `"A over B"` a difference.
 */
export function listCitedFigures(page: string): readonly CitedFigure[] {
  return prose(page).flatMap(({ text, line }) => {
    const found: CitedFigure[] = [];
    let from = 0;
    for (const citation of text.matchAll(CITATION)) {
      const [whole, benchmark = '', names = ''] = citation;
      const subjects = Array.from(names.matchAll(/"([^"]+)"/g), ([, name = '']) => name);
      const figures = Array.from(text.slice(from, citation.index).matchAll(FIGURE), ([figure]) => figure).slice(-subjects.length);
      from = citation.index + whole.length;
      found.push(...subjects.map((subject, index) => ({ line, benchmark, subject, text: figures[index] ?? '' })));
    }
    return found;
  });
}

/** Lines that tell a measurement and cite nothing. */
export function listUncitedFigures(page: string): readonly { readonly line: number; readonly text: string }[] {
  return prose(page).filter(({ text }) => MEASURED.test(text.replaceAll(/`[^`]*`/g, '')) && !text.includes('<!-- bench: '));
}

/** Why the figure is not what was measured; undefined when it is, rounded as it is printed. */
export function describeMismatch(
  { text, benchmark, subject }: CitedFigure,
  results: ReadonlyMap<string, BenchmarkResult>,
): string | undefined {
  const result = results.get(benchmark);
  if (result === undefined) return `there is no result "${benchmark}"`;
  const measured = findFigure(result, subject);
  if (measured === undefined) return `"${benchmark}" has no "${subject}"`;
  const [, digits = '', unit] = new RegExp(FIGURE.source).exec(text) ?? [];
  const scale = scaleOf(unit, result.unit);
  if (digits === '' || scale === undefined) return `"${text}" is no figure in ${result.unit}`;
  const printed = Number(digits.replaceAll(',', ''));
  const inItsUnit = measured / scale;
  return Math.abs(printed - inItsUnit) <= halfOfLastDigit(digits)
    ? undefined
    : `"${text}" was measured as ${Number(inItsUnit.toPrecision(4))}`;
}

function findFigure({ figures, ratios }: BenchmarkResult, name: string): number | undefined {
  const figure = figures.find(({ subject }) => subject === name);
  const ratio = ratios.find(({ subject, against, as }) => `${subject} ${as === 'difference' ? 'over' : '/'} ${against}` === name);
  return (figure ?? ratio)?.median;
}

/** How many of the result's unit are one of the printed unit. */
function scaleOf(printed: string | undefined, ofResult: string): number | undefined {
  if (printed === undefined || printed === '×') return 1;
  const [measured = ''] = ofResult.split(' ');
  for (const units of [SECONDS, BYTES]) {
    const [one, other] = [units[printed], units[measured]];
    if (one !== undefined && other !== undefined) return one / other;
  }
  return undefined;
}

/** Zeros at the end of a whole number count as rounded: `5,500` is good for 5,450 to 5,550. */
function halfOfLastDigit(digits: string): number {
  const [whole = '', decimals] = digits.replaceAll(',', '').split('.');
  if (decimals !== undefined) return 0.5 * 10 ** -decimals.length;
  const zeros = whole.length - whole.replace(/(?<=.)0+$/, '').length;
  return 0.5 * 10 ** zeros;
}

/** The lines outside of fences, from 1. */
function prose(page: string): readonly { readonly line: number; readonly text: string }[] {
  let isFenced = false;
  return page.split('\n').flatMap((text, index) => {
    if (/^\s*```/.test(text)) isFenced = !isFenced;
    return isFenced ? [] : [{ line: index + 1, text }];
  });
}
