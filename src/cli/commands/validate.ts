import { InvalidArgumentError, Option } from 'commander';
import { FORMAT_NAMES } from '../validate/formats/format.ts';
import type { DefineCommand } from './command.ts';

const EXAMPLES = `
A path is a file, a folder (all *.yaml and *.yml in it; under agents/ only agent files), a glob in quotes, or
a glob to leave out, behind a !. Files that are named are always taken; in folders and globs node_modules,
dist and names that begin with a dot are passed over. Agent files that a validated file runs are checked
with it. Findings go to stdout, their number to stderr.

Examples:
  $ ensemble validate
  $ ensemble validate ensembles/visit-counter.yaml agents/
  $ ensemble validate 'ensembles/**/*.yaml' '!ensembles/drafts/**' --strict
  $ ensemble validate --format sarif > ensemble.sarif

Exit codes:
  0 no errors · 1 errors, or more warnings than allowed · 2 bad command line · 70 a bug in ensemble
  130 interrupted
`;

function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It takes a whole number, 0 or more.');
  return Number(text);
}

/** `ensemble validate [PATHS]`. */
export const defineValidate: DefineCommand = (program, { io, exit }) => {
  program
    .command('validate')
    .summary('find mistakes in ensembles and agent files')
    .showHelpAfterError('Run ensemble validate --help to see what it takes.')
    .description('Finds what would go wrong in ensembles and agent files, before anything runs.')
    .argument('[paths...]', 'files, folders and globs (default: ensembles/ and agents/ of the project)')
    .addOption(new Option('--format <name>', 'how findings are shown').choices([...FORMAT_NAMES]).default('pretty'))
    .option('--max-warnings <count>', 'exit with 1 when there are more warnings', parseCount)
    .option('--strict', 'take warnings for errors')
    .option('--quiet', 'show errors only')
    .addHelpText('after', EXAMPLES)
    .action(async (paths, options) => {
      const { runValidate } = await import('../validate/run-validate.ts');
      exit(await runValidate(paths, options, io));
    });
};
