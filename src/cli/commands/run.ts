import type { DefineCommand } from './command.ts';

const EXAMPLES = `
Input comes from --input, from key=value, or both (key=value wins). A value gets the type that the
ensemble declares; key:=json takes any JSON. Variables (--var) are what expressions read as \${env.NAME},
over those of the wrangler configuration and .dev.vars. Those of .dev.vars, and any whose name has KEY,
TOKEN, SECRET, PASSWORD or CREDENTIAL in it, are secrets: they are redacted wherever the run shows them.

Examples:
  $ ensemble run ensembles/document-processor.yaml --input '{"doc_id":"a1","content":"the quick brown fox"}'
  $ ensemble run visit-counter page=/docs
  $ ensemble run readability --input @article.json --quiet > report.json
  $ curl -s https://example.com/order.json | ensemble run import-order --input - --var API_TOKEN
  $ ensemble run report day=2026-11-02 --json | jq -r 'select(.type == "log").message'
  $ ensemble run report day=2026-11-02 --dry-run

Exit codes:
  0 done · 1 problems in the file · 2 bad command line or input · 3 the run failed · 4 the run waits
  70 a bug in ensemble · 130 interrupted
`;

const collect = (value: string, before: readonly string[] = []) => [...before, value];

/** `ensemble run FILE …` (DESIGN §4). */
export const defineRun: DefineCommand = (program, { io, openHost, exit }) => {
  program
    .command('run')
    .summary('run an ensemble and print its output')
    .showHelpAfterError('Run ensemble run --help to see what it takes.')
    .description('Runs an ensemble on this machine and prints its output on stdout; all else goes to stderr.')
    .argument('<file>', 'an ensemble file, or the name of one under ensembles/')
    .argument('[key=value...]', 'fields of the input')
    .option('--input <json>', 'the input: JSON, @file, or - for stdin')
    .option('--var <NAME=value>', 'a variable for this run; NAME alone takes it from the environment', collect)
    .option('--json', 'print the events of the run on stdout, one JSON object a line')
    .option('--quiet', 'say nothing but errors and the output')
    .option('--dry-run', 'compile, check the input and print the plan; run nothing')
    .addHelpText('after', EXAMPLES)
    .action(async (file, pairs, options) => {
      const { runEnsemble } = await import('../run/run-ensemble.ts');
      exit(await runEnsemble(file, pairs, options, io, openHost));
    });
};
