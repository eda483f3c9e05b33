import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../scripts/build.ts';
import { runBenchmark, type Subject } from './harness.ts';
import { writeHelloProject } from './hello-project.ts';
import type { NotDone } from './result.ts';

/*
 * What an installation brings: the packed package, and the packages and bytes of `npm install --omit=dev` into an empty folder, of ours and of the peers in the versions of bench/package.json.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const { devDependencies: versions } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  readonly devDependencies: Readonly<Record<string, string>>;
};
const PEERS: Readonly<Record<string, readonly string[]>> = {
  LangGraph: ['@langchain/langgraph', '@langchain/core'],
  Mastra: ['@mastra/core', 'zod'],
  'Step Functions local': ['aws-local-stepfunctions'],
};

const folder = mkdtempSync(join(tmpdir(), 'ensemble-bench-'));

function runTool(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with ${status}: ${stderr.trim().split('\n').at(-1)}`);
  return stdout;
}

interface Installed {
  readonly packages: number;
  readonly bytes: number;
}

/** In a folder of its own. Install scripts are not run: what they would compile or fetch is not counted, of nobody. */
function install(name: string, packages: readonly string[]): Installed {
  const target = join(folder, name.replaceAll(' ', '-'));
  mkdirSync(target);
  writeFileSync(join(target, 'package.json'), '{ "private": true }');
  runTool('npm', ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', ...packages], target);
  const lock = JSON.parse(readFileSync(join(target, 'node_modules/.package-lock.json'), 'utf8')) as { readonly packages: object };
  return { packages: Object.keys(lock.packages).length, bytes: sizeOf(join(target, 'node_modules')) };
}

function sizeOf(path: string): number {
  let total = 0;
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) total += lstatSync(join(entry.parentPath, entry.name)).size;
  return total;
}

const constant = (name: string, value: number): Subject => ({ name, measure: () => value });

try {
  await build();
  const [packed] = JSON.parse(runTool('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root)) as readonly [
    { readonly filename: string; readonly size: number; readonly unpackedSize: number },
  ];
  const notDone: NotDone[] = [];
  const installed = new Map([['Ensemble', install('Ensemble', [join(folder, packed.filename)])]]);
  for (const [name, packages] of Object.entries(PEERS)) {
    try {
      installed.set(
        name,
        install(
          name,
          packages.map((one) => `${one}@${versions[one]}`),
        ),
      );
    } catch (error) {
      notDone.push({ subject: name, why: error instanceof Error ? error.message : String(error) });
    }
  }
  const about =
    'What `npm install --omit=dev` of the packed package brings into an empty folder, without install scripts, beside the same of other engines.';
  await runBenchmark({
    name: 'installed-size',
    unit: 'MB',
    about,
    caveats: [
      'Ours brings the runtime that it runs workflows in (workerd, most of it) and a bundler for deploys (esbuild), which the others leave to you.',
      'The others do other things as well: Mastra and LangGraph bring clients of language models and tracing.',
    ],
    rounds: 0,
    subjects: [
      constant('Ensemble, packed', packed.size / 1e6),
      constant('Ensemble, its own files', packed.unpackedSize / 1e6),
      ...Array.from(installed, ([name, { bytes }]) => constant(`${name}, installed`, bytes / 1e6)),
    ],
    comparisons: [],
    notDone,
  });
  await runBenchmark({
    name: 'installed-packages',
    unit: 'packages',
    about,
    rounds: 0,
    subjects: Array.from(installed, ([name, { packages }]) => constant(name, packages)),
    comparisons: [],
    notDone,
  });
  await runBenchmark({
    name: 'deployed-size',
    unit: 'MB',
    about:
      'How large the Worker is that `ensemble build` makes of a project with two ensembles of one agent each, and of the same with a `think` agent: all modules, not compressed, as Cloudflare counts.',
    rounds: 0,
    subjects: [constant('without think', buildSize(false)), constant('with think', buildSize(true))],
    comparisons: [{ subject: 'with think', against: 'without think', as: 'difference' }],
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** MB of the modules that `ensemble build` writes. */
function buildSize(withThink: boolean): number {
  const project = writeHelloProject();
  try {
    writeFileSync(join(project, 'wrangler.toml'), 'name = "bench"\nmain = ".ensemble/build/index.js"\ncompatibility_date = "2026-07-01"\n');
    if (withThink)
      writeFileSync(
        join(project, 'ensembles/think.yaml'),
        'ensemble: think\nagents:\n  - { name: answer, operation: think, config: { provider: openai, model: gpt-5-mini, prompt: hello } }\n',
      );
    const { size } = JSON.parse(runTool(process.execPath, [join(root, 'bin/ensemble.js'), 'build', '--json'], project)) as {
      readonly size: { readonly bytes: number };
    };
    return size.bytes / 1e6;
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}
