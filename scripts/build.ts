import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build as esbuild, type Metafile, type Plugin } from 'esbuild';
import { adaptPackages } from './adapt-packages.ts';
import { type Pack, packChunks } from './pack-chunks.ts';
import { renderThirdPartyLicenses } from './third-party-licenses.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const ENTRIES = {
  cli: 'src/cli/start.ts',
  'check-worker': 'src/cli/validate/check-worker.ts',
  'bundle-worker': 'src/node/project/bundle-worker.ts',
  host: 'src/node/host-process/start.ts',
};

/** What is needed at one time is loaded as one file. */
const PACKS: readonly Pack[] = [
  { name: 'cli', modules: [ENTRIES.cli] },
  // A run in a host that is up.
  {
    name: 'run',
    modules: [
      'src/cli/run/run-ensemble.ts',
      'src/node/host-process/compile-in-host.ts',
      'src/node/host-process/open-shared-host.ts',
      'src/node/host-process/host-connection.ts',
    ],
  },
  // What the compiler has in common with commands that do without it.
  {
    name: 'common',
    modules: [
      'src/program/duration.ts',
      'src/program/expression-vocabulary.ts',
      'src/program/host-pattern.ts',
      'src/program/reserved-paths.ts',
      'src/program/rules.ts',
      'src/program/time.ts',
      'src/node/replace-text.ts',
    ],
  },
  { name: 'compiler', modules: ['src/node/compile-ensemble.ts', 'src/cli/validate/run-validate.ts', ENTRIES['check-worker']] },
  // workerd in this process, and the process that shares it.
  { name: 'host', modules: [ENTRIES.host, 'src/node/local-host.ts'] },
];

/**
 * Writes `dist/`: the CLI for Node (miniflare and esbuild stay packages, loaded when first needed) and the worker's modules for workerd
 * (complete, so that `run` never bundles anything).
 */
export async function build(): Promise<void> {
  // Aside, then put in place at once: a CLI that starts meanwhile finds the old build or the new one.
  const staging = `dist.${process.pid}`;
  try {
    await bundleInto(staging);
    await rm(`${root}${staging}.old`, { recursive: true, force: true });
    if (existsSync(`${root}dist`)) await rename(`${root}dist`, `${root}${staging}.old`);
    await rename(`${root}${staging}`, `${root}dist`);
  } finally {
    await Promise.all(['', '.old'].map((end) => rm(`${root}${staging}${end}`, { recursive: true, force: true })));
  }
}

async function bundleInto(folder: string): Promise<void> {
  const cli = await esbuild({
    absWorkingDir: root,
    entryPoints: ENTRIES,
    metafile: true,
    write: false,
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    // jsonc-parser's `main` is UMD, which cannot be bundled.
    mainFields: ['module', 'main'],
    target: 'node22',
    external: ['miniflare', 'esbuild'],
    // Its build for Node asks for an environment variable at each token, which takes a tenth of a validation.
    alias: { yaml: './node_modules/yaml/browser/index.js' },
    chunkNames: 'chunks/[name]-[hash]',
    legalComments: 'none',
    plugins: [withoutSubprocesses, adaptPackages],
  });
  // The rest of this package are ES modules.
  const files = new Map([...(await packChunks(cli, PACKS, ENTRIES)), ['package.json', '{ "type": "commonjs" }\n']]);
  for (const [path, text] of files) {
    await mkdir(dirname(`${root}${folder}/${path}`), { recursive: true });
    await writeFile(`${root}${folder}/${path}`, text);
  }
  const worker = await esbuild({
    absWorkingDir: root,
    entryPoints: { index: 'src/worker/index.ts', deployed: 'src/worker/deployed.ts' },
    metafile: true,
    outdir: `${folder}/worker`,
    ...workerdOutput,
    splitting: true,
    chunkNames: '[name]-[hash]',
    legalComments: 'none',
    // Less for workerd to read at each start; names stay, for the stacks of defects.
    minifyWhitespace: true,
    minifySyntax: true,
  });
  await writeFile(
    `${root}${folder}/worker/modules.json`,
    JSON.stringify(
      {
        local: listModules(worker.metafile, `${folder}/worker/`, 'index.js'),
        deployed: listModules(worker.metafile, `${folder}/worker/`, 'deployed.js'),
      },
      null,
      2,
    ),
  );
  await writeFile(
    `${root}${folder}/build-id`,
    await hashFiles([...[...files.keys()].map((path) => `${folder}/${path}`), ...Object.keys(worker.metafile.outputs)]),
  );
  await writeFile(`${root}${folder}/THIRD_PARTY_LICENSES.txt`, renderThirdPartyLicenses(root, [cli.metafile, worker.metafile]));
}

/** commander loads what starts processes for commands that are executables of their own; ours are not. */
const withoutSubprocesses: Plugin = {
  name: 'without-subprocesses',
  setup(build) {
    build.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[/\\]node_modules[/\\]commander[/\\]/.test(importer) ? { path: 'none', namespace: 'without-subprocesses' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'without-subprocesses' }, () => ({ contents: 'export default {};' }));
  },
};

/** What tells this build from every other: a host that runs another is replaced. */
async function hashFiles(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of [...paths].sort()) hash.update(await readFile(`${root}${path}`));
  return hash.digest('hex');
}

/** What `think` alone loads, and a Worker without such an agent can be deployed without. */
const THINK_ENTRY = 'src/runtime/operations/think/provider-call.ts';

/** The modules of one of the Workers by what loads them: at its start, or later when an operation asks for them (`import()`). */
function listModules({ outputs }: Metafile, folder: string, entry: string): { start: string[]; lazy: string[]; think: string[] } {
  const reach = (isFollowed: (kind: string) => boolean, without?: string): Set<string> => {
    const found = new Set<string>();
    const add = (path: string): void => {
      if (found.has(path) || (without !== undefined && outputs[path]?.entryPoint === without)) return;
      found.add(path);
      for (const { path: next, kind } of outputs[path]?.imports ?? []) if (next in outputs && isFollowed(kind)) add(next);
    };
    add(folder + entry);
    return found;
  };
  const start = reach((kind) => kind === 'import-statement');
  const names = (paths: Iterable<string>) => Array.from(paths, (path) => path.slice(folder.length));
  const lazy = [...reach(() => true)].filter((path) => !start.has(path));
  const others = reach(() => true, THINK_ENTRY);
  return { start: names(start), lazy: names(lazy), think: names(lazy.filter((path) => !others.has(path))) };
}

/** Puts the main module of code isolates, bundled by itself, as a text into the worker (src/worker/code-harness.d.ts). */
export const codeHarness: Plugin = {
  name: 'code-harness',
  setup(build) {
    build.onResolve({ filter: /^ensemble:code-harness$/ }, ({ path }) => ({ path, namespace: 'code-harness' }));
    build.onLoad({ filter: /.*/, namespace: 'code-harness' }, async () => {
      const { outputFiles } = await esbuild({
        absWorkingDir: root,
        entryPoints: ['src/worker/code-harness/harness.ts'],
        bundle: true,
        write: false,
        format: 'esm',
        platform: 'neutral',
        target: 'es2024',
        external: ['cloudflare:*', 'node:*'],
        minifyWhitespace: true,
        legalComments: 'none',
      });
      return { contents: `export const CODE_HARNESS = ${JSON.stringify(outputFiles[0]?.text)};` };
    });
  },
};

/** How code for workerd is bundled: the built worker, and the Workers of tests. */
export const workerdOutput = {
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  conditions: ['workerd', 'worker', 'browser', 'import'],
  target: 'es2024',
  external: ['cloudflare:*', 'node:*'],
  plugins: [codeHarness],
} satisfies BuildOptions;

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
