import type { DefineCommand } from './command.ts';

const EXAMPLES = `
It makes an ensemble with an agent file and a test input, the wrangler configuration of its Worker, package.json,
.gitignore, a workflow for GitHub and a README. In a folder that has a package.json or a .gitignore already these
get what they lack; a README or a workflow of that name stays as it is; any other file that is there already
stops it before anything is written.

On a terminal it asks for what no option says; elsewhere, and with --yes, it takes what it would offer.

Examples:
  $ ensemble init my-shop
  $ ensemble init --yes --no-triggers

Exit codes:
  0 made · 1 files are in the way · 2 bad command line · 70 a bug in ensemble · 130 interrupted
`;

/** `ensemble init [DIR]`. */
export const defineInit: DefineCommand = (program, { io, exit }) => {
  program
    .command('init')
    .summary('make a new project')
    .showHelpAfterError('Run ensemble init --help to see what it takes.')
    .description('Makes a new project that runs here and can be deployed.')
    .argument('[dir]', 'the folder; made when it is not there', '.')
    .option('--name <name>', 'of the package and the Worker (default: that of the folder)')
    .option('-y, --yes', 'ask nothing')
    .option('--no-triggers', 'no http and cron trigger in the ensemble')
    .addHelpText('after', EXAMPLES)
    .action(async (dir, options) => {
      const { runInit } = await import('../init/run-init.ts');
      exit(await runInit(dir, options, io));
    });
};
