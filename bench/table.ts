import { type BenchmarkResult, formatFigure, meets, type Spread } from './result.ts';

/** The part of `bench/README.md` that is made of the results: what we aim at first, then a section a benchmark. */
export function renderResults(results: readonly BenchmarkResult[]): string {
  return [renderTargets(results), ...results.map(renderSection)].join('\n\n');
}

function renderTargets(results: readonly BenchmarkResult[]): string {
  const rows = results.flatMap(({ name, unit, ratios, figures }) => [
    ...ratios.map(({ subject, against, as, target, ...spread }) => ({
      what: as === 'difference' ? `${subject}, over ${against}` : `${subject} / ${against}`,
      unit: as === 'difference' ? unit : '×',
      name,
      target,
      spread,
    })),
    ...figures.map(({ subject, target, ...spread }) => ({ what: subject, unit, name, target, spread })),
  ]);
  const lines = rows.flatMap(({ what, unit, name, target, spread }) =>
    target === undefined
      ? []
      : [`| ${what} | ${target} ${unit} | ${formatSpread(spread)} | ${verdict(spread.median, target)} | [${name}](#${name}) |`],
  );
  return ['### What we aim at', '', '| | target | measured | | |', '| --- | --- | ---: | --- | --- |', ...lines].join('\n');
}

function verdict(median: number, target: string): string {
  const isMet = meets(median, target);
  return isMet === undefined ? '' : isMet ? 'met' : '**missed**';
}

function renderSection(result: BenchmarkResult): string {
  const { name, about, machine, date, commit, seconds, unit, figures, notDone, caveats } = result;
  return [
    `### ${name}`,
    '',
    about,
    '',
    `${machine}; ${date}, commit ${commit}; ${seconds} s. Medians (min–max, of so many rounds).`,
    '',
    ...renderRatios(result),
    `| figure (${unit}) | subject |`,
    '| ---: | --- |',
    ...figures.map((figure) => `| ${formatSpread(figure)} | ${figure.subject} |`),
    ...(notDone.length === 0 ? [] : ['', ...notDone.map(({ subject, why }) => `- Not done: ${subject}: ${why}`)]),
    ...(caveats.length === 0 ? [] : ['', ...caveats.map((caveat) => `- ${caveat}`)]),
  ].join('\n');
}

function renderRatios({ ratios, unit }: BenchmarkResult): readonly string[] {
  if (ratios.length === 0) return [];
  const rows = ratios.map(({ subject, against, as, target = '', ...spread }) => {
    const figure = as === 'difference' ? `**${formatFigure(spread.median)}** ${unit} more` : `**${formatFigure(spread.median)}×**`;
    return `| ${figure} (${formatFigure(spread.min)}–${formatFigure(spread.max)}) | ${subject} | ${against} | ${target} |`;
  });
  return ['| ratio | subject | against | target |', '| ---: | --- | --- | --- |', ...rows, ''];
}

function formatSpread({ median, min, max, rounds }: Spread): string {
  return rounds === 1 ? formatFigure(median) : `${formatFigure(median)} (${formatFigure(min)}–${formatFigure(max)}, ${rounds})`;
}
