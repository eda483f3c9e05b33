import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { installPeers } from './install-peers.ts';
import type { BenchmarkResult } from './result.ts';
import { renderResults } from './table.ts';

/*
 * npm run bench [-- NAME…]          measures, and puts the results into results/ and README.md; `--rounds=1` for a quick look
 * node bench/run.ts --table          makes the tables of the results on file anew, and measures nothing
 * node bench/run.ts --smoke [NAME…] tries those that need neither a peer nor a build, in seconds; nothing is written
 */

/** What a smoke run tries when it is not told. */
const QUICK = ['expressions', 'engine', 'memory'];

const folder = fileURLToPath(new URL('.', import.meta.url));
const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const isSmoke = options.includes('--smoke');
const wanted = process.argv.slice(2).filter((argument) => !options.includes(argument));
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length));

const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark "${unknown.join('", "')}"; there are: ${names.join(', ')}`);
  process.exit(2);
}
if (options.includes('--table')) {
  writeTable();
  process.exit(0);
}
if (!isSmoke) installPeers();

const startedAt = performance.now();
const failed = (wanted.length > 0 ? wanted : isSmoke ? QUICK : names).filter((name) => !runOne(name));
if (!isSmoke) writeTable();
console.log(
  `\n${Math.round((performance.now() - startedAt) / 1_000)} s in all${failed.length > 0 ? `; failed: ${failed.join(', ')}` : ''}`,
);
process.exit(failed.length > 0 ? 1 : 0);

/** Each in a process of its own: what one leaves behind (heap, compiled code) must not reach the next. */
function runOne(name: string): boolean {
  const args = ['--expose-gc', '--disable-warning=ExperimentalWarning', `${folder}${name}.bench.ts`, ...options];
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0;
}

/** Puts the results on file into `bench/README.md`, between its two marks. */
function writeTable(): void {
  const results = readdirSync(`${folder}results`)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(`${folder}results/${file}`, 'utf8')) as BenchmarkResult);
  const readme = readFileSync(`${folder}README.md`, 'utf8');
  const [before = '', rest = ''] = readme.split('<!-- results -->');
  const after = rest.split('<!-- /results -->')[1] ?? '';
  writeFileSync(`${folder}README.md`, `${before}<!-- results -->\n\n${renderResults(results)}\n\n<!-- /results -->${after}`);
}
