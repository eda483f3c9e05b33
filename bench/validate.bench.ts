import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import { build } from '../scripts/build.ts';
import { writeEnsemble } from './generated-ensembles.ts';
import { runBenchmark } from './harness.ts';

/*
 * `ensemble validate` on 1,000 files against the least that any checker of YAML does, reading them and parsing them with `yaml`, and on one file against the start of node. Each sample
 * is a process of its own, from the start of node to its end. The files have no mistakes.
 * `validate` takes up to four threads for so many files, the peer one: on a single core the ratio is higher (3.1 to 3.7 where two cores gave 2.2 to 2.8).
 */

const FILES = 1_000;
const bin = fileURLToPath(new URL('../bin/ensemble.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ensemble-bench-'));
let bytes = 0;
mkdirSync(join(folder, 'ensembles'));
writeFileSync(join(folder, 'package.json'), '{}');
for (let index = 0; index < FILES; index++) {
  const text = writeEnsemble(index);
  const [problem] = parseDocument(text).errors;
  if (problem !== undefined) throw new Error(`file ${index} is no plain YAML: ${problem.message}`);
  bytes += text.length;
  writeFileSync(join(folder, `ensembles/collect-${index}.yaml`), text);
}
writeFileSync(
  join(folder, 'yaml-alone.mjs'),
  `import module from 'node:module';
module.enableCompileCache?.();
const { readFileSync, readdirSync } = await import('node:fs');
const { parse } = await import(${JSON.stringify(import.meta.resolve('yaml'))});
let files = 0;
for (const name of readdirSync('ensembles')) if (parse(readFileSync('ensembles/' + name, 'utf8')).ensemble) files++;
if (files !== ${FILES}) process.exit(1);
`,
);

function measure(args: readonly string[]): number {
  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
  const elapsed = performance.now() - startedAt;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stdout.slice(0, 2_000)}${stderr.slice(0, 2_000)}`);
  return elapsed;
}

await build();
try {
  const { figures } = await runBenchmark({
    name: 'validate',
    unit: 'ms',
    rounds: 9,
    subjects: [
      { name: '`yaml` alone, 1,000 files', measure: () => measure(['yaml-alone.mjs']) },
      { name: 'ensemble validate, 1,000 files', measure: () => measure([bin, 'validate', '--quiet']) },
      { name: 'node -e 0', measure: () => measure(['-e', '0']) },
      { name: 'ensemble validate, one file', measure: () => measure([bin, 'validate', '--quiet', 'ensembles/collect-1.yaml']) },
    ],
    comparisons: [
      { subject: 'ensemble validate, 1,000 files', against: '`yaml` alone, 1,000 files', target: '≤ 3' },
      { subject: 'ensemble validate, one file', against: 'node -e 0', target: '≤ 150 ms in all' },
    ],
  });
  const elapsed = figures.find(({ subject }) => subject === 'ensemble validate, 1,000 files')?.median ?? Number.NaN;
  console.log(`  ${Math.round(FILES / (elapsed / 1000))} files a second, ${(bytes / FILES / 1024).toFixed(1)} KiB each`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
