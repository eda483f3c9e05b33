import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from '../scripts/build.ts';
import { runBenchmark } from './harness.ts';
import { writeHelloProject } from './hello-project.ts';

/*
 * `ensemble run` when the host of the data folder is up already, against the start of node alone. Each sample is a process of its own, from the start of node to its end: it compiles
 * the ensemble, joins the host over its socket, runs and prints.
 */

const bin = fileURLToPath(new URL('../bin/ensemble.js', import.meta.url));
const folder = writeHelloProject();

function measure(args: readonly string[], expected = 'hello'): number {
  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  const elapsed = performance.now() - startedAt;
  if (status !== 0 || !stdout.startsWith(expected)) throw new Error(`${args.join(' ')} ended with ${status}: ${stdout}${stderr}`);
  return elapsed;
}

await build();
try {
  await runBenchmark({
    name: 'run-warm',
    unit: 'ms',
    about:
      '`ensemble run` as a process of its own, from its start to its end, with the host of the data folder up: it compiles the ensemble, joins the host over its socket, runs one agent and prints. Beside it node alone and `ensemble --version`.',
    caveats: [
      'The first run after an installation is not in it: the files of the command are in the page cache, and its compiled code in that of Node.',
      'Started from a script, not through `npx` or a shell, which take as long again.',
    ],
    rounds: 15,
    subjects: [
      { name: 'node -e 0', measure: () => measure(['-e', '0'], '') },
      { name: 'ensemble --version', measure: () => measure([bin, '--version'], '') },
      { name: 'warm ensemble run, one transform', measure: () => measure([bin, 'run', 'hello', 'name=you']), target: '≤ 150' },
      { name: 'warm ensemble run, one code agent', measure: () => measure([bin, 'run', 'code', 'name=you']) },
    ],
    comparisons: [
      { subject: 'warm ensemble run, one transform', against: 'node -e 0' },
      { subject: 'warm ensemble run, one code agent', against: 'node -e 0' },
      { subject: 'ensemble --version', against: 'node -e 0' },
    ],
  });
} finally {
  measure([bin, 'host', 'stop'], '');
  rmSync(folder, { recursive: true, force: true });
}
