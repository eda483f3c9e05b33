import type { DefineCommand } from './command.ts';

const EXAMPLES = `
It writes index.js, the runtime, the programs of all ensembles, the code of their agents with source maps, and
manifest.json, which says what was built. wrangler takes them as they are: main = ".ensemble/build/index.js" and
no_bundle = true (ensemble doctor --fix writes both). Nothing is written when a file has errors.

Code agents become modules of the Worker, unless the configuration has a Worker Loader named ENSEMBLE_LOADER: then
they run in isolates of it. docs/deploy.md says what that changes.

Examples:
  $ ensemble build
  $ ensemble build --env staging
  $ ensemble build --out dist/worker --json

Exit codes:
  0 built · 1 problems in the project · 2 bad command line · 70 a bug in ensemble
`;

/** `ensemble build`. */
export const defineBuild: DefineCommand = (program, { io, exit }) => {
  program
    .command('build')
    .summary('compile the project into a Worker that wrangler deploys')
    .showHelpAfterError('Run ensemble build --help to see what it takes.')
    .description('Compiles the project into a Worker that wrangler deploys, in .ensemble/build/.')
    .option('-o, --out <dir>', 'write it there: an empty folder, or an earlier build')
    .option('-e, --env <name>', 'a named environment of the wrangler configuration (also: CLOUDFLARE_ENV)')
    .option('--json', 'print what was built as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options) => {
      const { runBuild } = await import('../build/run-build.ts');
      exit(await runBuild(options, io));
    });
};
