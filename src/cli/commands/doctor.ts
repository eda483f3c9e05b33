import type { DefineCommand } from './command.ts';

const EXAMPLES = `
It reads the ensembles and the wrangler configuration, and asks the platform nothing. An error is what makes the
deployment fail, or an ensemble in it; a warning goes wrong later; a note is to be done once, outside of the
project: secrets, queues, routes of mail. docs/deploy.md lists all findings.

With --fix it writes what is missing into wrangler.toml, wrangler.jsonc or wrangler.json, shows what it wrote, and
makes wrangler.toml where there is none. Comments, order and layout of the file stay; what somebody wrote
otherwise, and what only a person can know, stays too and is reported.

Examples:
  $ ensemble doctor
  $ ensemble doctor --fix
  $ ensemble doctor --env staging --json

Exit codes:
  0 no errors · 1 errors · 2 bad command line · 70 a bug in ensemble
`;

/** `ensemble doctor`. */
export const defineDoctor: DefineCommand = (program, { io, exit }) => {
  program
    .command('doctor')
    .summary('compare the wrangler configuration with what the ensembles need')
    .showHelpAfterError('Run ensemble doctor --help to see what it takes.')
    .description('Compares the wrangler configuration with what the ensembles need deployed, and mends it.')
    .option('--fix', 'write what is missing into the configuration')
    .option('-e, --env <name>', 'a named environment of the configuration')
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options) => {
      const { runDoctor } = await import('../deploy/run-doctor.ts');
      exit(await runDoctor(options, io));
    });
};
