import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BenchmarkResult } from './harness.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const wanted = process.argv.slice(2);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length));

const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark "${unknown.join('", "')}"; there are: ${names.join(', ')}`);
  process.exit(2);
}

let failed = false;
for (const name of wanted.length > 0 ? wanted : names) {
  // Each in a process of its own: what one leaves behind (heap, compiled code) must not reach the next.
  const { status } = spawnSync(process.execPath, ['--expose-gc', `${folder}${name}.bench.ts`], { stdio: 'inherit' });
  if (status !== 0) failed = true;
}
writeTable();
process.exit(failed ? 1 : 0);

/** Puts the results on file into `bench/README.md`, between its two marks. */
function writeTable(): void {
  const results = readdirSync(`${folder}results`)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(`${folder}results/${file}`, 'utf8')) as BenchmarkResult);
  const sections = results.map((result) =>
    [
      `### ${result.name}`,
      '',
      `${result.machine}; medians of ${result.rounds} rounds (min–max).`,
      '',
      ...ratiosOf(result),
      `| figure (${result.unit}) | subject |`,
      '| ---: | --- |',
      ...result.figures.map((f) => `| ${format(f.median)} (${format(f.min)}–${format(f.max)}) | ${f.subject} |`),
    ].join('\n'),
  );
  const readme = readFileSync(`${folder}README.md`, 'utf8');
  const [before = '', rest = ''] = readme.split('<!-- results -->');
  const after = rest.split('<!-- /results -->')[1] ?? '';
  writeFileSync(`${folder}README.md`, `${before}<!-- results -->\n\n${sections.join('\n\n')}\n\n<!-- /results -->${after}`);
}

function ratiosOf({ ratios }: BenchmarkResult): readonly string[] {
  if (ratios.length === 0) return [];
  const rows = ratios.map(
    ({ median, min, max, subject, against, target = '' }) =>
      `| **${format(median)}×** (${format(min)}–${format(max)}) | ${subject} | ${against} | ${target} |`,
  );
  return ['| ratio | subject | against | target |', '| ---: | --- | --- | --- |', ...rows, ''];
}

function format(n: number): string {
  return n >= 100 ? n.toFixed(0) : n >= 1 ? n.toFixed(2) : n.toPrecision(2);
}
