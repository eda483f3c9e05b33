import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../scripts/build.ts';
import { runBenchmark } from './harness.ts';
import { writeHelloProject } from './hello-project.ts';

/*
 * A cold `ensemble run` against the least that any tool on Miniflare does: import it, answer one request with a constant, dispose. Each sample is
 * a process of its own, from the start of node to its end. Not measured: the first run ever on a machine, when Node's compile cache is empty; the subjects
 * without the cache show what that costs both sides.
 */

const bin = fileURLToPath(new URL('../bin/ensemble.js', import.meta.url));
const folder = writeHelloProject();
const miniflareUrl = import.meta.resolve('miniflare');

writeFileSync(
  join(folder, 'bare.mjs'),
  `import module from 'node:module';
module.enableCompileCache?.();
const { Miniflare } = await import(${JSON.stringify(miniflareUrl)});
const miniflare = new Miniflare({ modules: true, script: 'export default { fetch: () => new Response("hello") }', compatibilityDate: '2026-07-01', cf: false });
const response = await miniflare.dispatchFetch('http://localhost/');
process.stdout.write(await response.text());
await miniflare.dispose();
process.exit(0);
`,
);

function measure(args: readonly string[], env: Readonly<Record<string, string>> = {}): number {
  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, ENSEMBLE_NO_HOST: '1', ...env },
    encoding: 'utf8',
  });
  const elapsed = performance.now() - startedAt;
  if (status !== 0 || !stdout.startsWith('hello')) throw new Error(`${args.join(' ')} ended with ${status}: ${stdout}${stderr}`);
  return elapsed;
}

const NO_CACHE = { NODE_DISABLE_COMPILE_CACHE: '1' };
await build();
try {
  await runBenchmark({
    name: 'run-cold',
    unit: 'ms',
    about:
      '`ensemble run` as a process of its own without a host (`ENSEMBLE_NO_HOST=1`), from its start to its end: it compiles the ensemble, starts workerd through Miniflare, runs one agent durably, prints and ends. The floor does the least that any tool on Miniflare does: it imports that, answers one request with a constant, and ends.',
    caveats: [
      'The floor has no Durable Object, no SQLite, no loader and a Worker of one line; `ensemble run` starts all of that.',
      "Both load Miniflare from compiled code that an earlier process kept: the floor by Node's compile cache, which keeps no functions in it, `ensemble run` by a cache of its own, which keeps those that ran.",
      "Not measured: the first run ever on a machine, when Node's compile cache is empty; the subjects without the cache show what that costs both sides.",
    ],
    rounds: 15,
    subjects: [
      { name: 'bare Miniflare hello-world', measure: () => measure([join(folder, 'bare.mjs')]) },
      { name: 'ensemble run, one transform', measure: () => measure([bin, 'run', 'hello', 'name=you']) },
      { name: 'ensemble run, one code agent', measure: () => measure([bin, 'run', 'code', 'name=you']) },
      { name: 'bare Miniflare hello-world, no compile cache', measure: () => measure([join(folder, 'bare.mjs')], NO_CACHE) },
      { name: 'ensemble run, one transform, no compile cache', measure: () => measure([bin, 'run', 'hello', 'name=you'], NO_CACHE) },
    ],
    comparisons: [
      { subject: 'ensemble run, one transform', against: 'bare Miniflare hello-world', target: '≤ 1.3' },
      { subject: 'ensemble run, one code agent', against: 'bare Miniflare hello-world' },
      {
        subject: 'ensemble run, one transform, no compile cache',
        against: 'bare Miniflare hello-world, no compile cache',
        target: '≤ 1.3',
      },
    ],
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
