import { InvalidArgumentError, Option } from 'commander';
import { FORMAT_NAMES } from '../validate/formats/format.ts';
import type { DefineCommand } from './command.ts';

const EXAMPLES = `
A path is a file, which is always checked; a folder, for all *.yaml and *.yml in it (under agents/ only agent
files); a glob in quotes; a glob behind a !, for files to leave out; or - for stdin. Folders and globs pass
over node_modules, dist and names that begin with a dot. Agent files that a checked file runs are checked
with it. Without a path: \`paths\` of ensemble.config.yaml, else ensembles/ and agents/ of the project.

Findings go to stdout, their number to stderr. Optional rules are switched off or graded by \`rules\` of
ensemble.config.yaml, by --rule, and for one line by a comment above it: # ensemble-ignore RULE: reason
With --fix and stdin the mended text goes to stdout and what is left to stderr.

Examples:
  $ ensemble validate
  $ ensemble validate ensembles/visit-counter.yaml agents/ --fix
  $ ensemble validate 'ensembles/**/*.yaml' '!ensembles/drafts/**' --strict
  $ ensemble validate --rule constant-condition=off --max-warnings 0
  $ ensemble validate --format sarif > ensemble.sarif
  $ ensemble validate - --stdin-filename ensembles/visit-counter.yaml < draft.yaml

Exit codes:
  0 no errors · 1 errors, or more warnings than allowed · 2 bad command line · 70 a bug in ensemble
  130 interrupted
`;

const collect = (value: string, before: readonly string[] = []) => [...before, value];

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
    .option('--rule <name=level>', 'grade a rule for this call: off, warn or error', collect)
    .option('--fix', 'mend what is safe to mend, and show what is left')
    .option('--watch', 'check again whenever a file changes')
    .option('--stdin-filename <path>', 'the file that stdin stands for')
    .option('--max-warnings <count>', 'exit with 1 when there are more warnings', parseCount)
    .option('--strict', 'take warnings for errors')
    .option('--quiet', 'show errors only')
    .addHelpText('after', EXAMPLES)
    .action(async (paths, options) => {
      const { runValidate } = await import('../validate/run-validate.ts');
      exit(await runValidate(paths, options, io));
    });
};
