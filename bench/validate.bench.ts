import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../scripts/build.ts';
import { writeEnsemble } from './generated-ensembles.ts';
import { runBenchmark } from './harness.ts';

/*
 * `ensemble validate` on 1,000 files against the least that any checker of YAML does, reading them and parsing them with `yaml`, and on one file against the start of node. Each sample
 * is a process of its own, from the start of node to its end. The files have no mistakes.
 * `validate` takes up to four threads for so many files, the peer one: on a single core the ratio is higher (3.1 to 3.7 where two cores gave 2.2 to 2.8).
 */

const FILES = 1_000;
/** Ours: that of bench/ may be another version, which a peer brought. */
const YAML = new URL('../node_modules/yaml/dist/index.js', import.meta.url).href;
const bin = fileURLToPath(new URL('../bin/ensemble.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ensemble-bench-'));
let bytes = 0;
mkdirSync(join(folder, 'ensembles'));
writeFileSync(join(folder, 'package.json'), '{}');
for (let index = 0; index < FILES; index++) {
  const text = writeEnsemble(index);
  bytes += text.length;
  writeFileSync(join(folder, `ensembles/collect-${index}.yaml`), text);
}
writeFileSync(
  join(folder, 'yaml-alone.mjs'),
  `import module from 'node:module';
module.enableCompileCache?.();
const { readFileSync, readdirSync } = await import('node:fs');
const { default: { parse } } = await import(${JSON.stringify(YAML)});
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
  await runBenchmark({
    name: 'validate',
    unit: 'ms',
    about: `\`ensemble validate\` as a process of its own on ${FILES.toLocaleString('en')} files of 3 to 12 agents (${(bytes / FILES / 1024).toFixed(1)} KiB each, without mistakes), against a script that reads the same files and parses them with \`yaml\`; and on one file, against the start of node.`,
    caveats: [
      '`yaml` alone checks nothing but the syntax: it is the least that a checker of YAML must do, not a peer.',
      '`validate` takes up to four threads for so many files, the script one: on a single core the ratio is higher (once measured as 3.1 to 3.7 where two cores gave 2.2 to 2.8).',
    ],
    rounds: 9,
    subjects: [
      { name: '`yaml` alone, 1,000 files', measure: () => measure(['yaml-alone.mjs']) },
      { name: 'ensemble validate, 1,000 files', measure: () => measure([bin, 'validate', '--quiet']) },
      { name: 'node -e 0', measure: () => measure(['-e', '0']) },
      {
        name: 'ensemble validate, one file',
        measure: () => measure([bin, 'validate', '--quiet', 'ensembles/collect-1.yaml']),
        target: '≤ 150',
      },
    ],
    comparisons: [
      { subject: 'ensemble validate, 1,000 files', against: '`yaml` alone, 1,000 files', target: '≤ 3' },
      { subject: 'ensemble validate, one file', against: 'node -e 0' },
    ],
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
