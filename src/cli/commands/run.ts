import { InvalidArgumentError } from 'commander';
import type { EachOptions } from '../each/run-each.ts';
import { UsageProblem } from '../usage-problem.ts';
import { checkDetach } from './check-detach.ts';
import { collect } from './collect.ts';
import type { DefineCommand } from './command.ts';

const EXAMPLES = `
Input comes from --input, from key=value, or both (key=value wins). A value gets the type that the
ensemble declares; key:=json takes any JSON. Variables (--var) are what expressions read as \${env.NAME},
over those of the wrangler configuration and .dev.vars. Those of .dev.vars, and any whose name has KEY,
TOKEN, SECRET, PASSWORD or CREDENTIAL in it, are secrets: they are redacted wherever the run shows them.

With --each there is a run for each line of a file of JSON Lines, which holds the input of that run;
--input and key=value are defaults under it. A line of results (line, key, run, status, output or
failure, duration_ms) is added to ROWS.results.jsonl as each run ends. The same command again runs what
failed or is missing and leaves alone what succeeded with the same input, even when the ensemble was
changed since: --fresh starts over.

On a terminal the run asks what its approvals ask. Elsewhere --answer answers them; when a question is left
that nobody answers, the run waits, and the command says how to answer it and exits with 4.

--detach prints the id of the run and leaves it to go on: ensemble attach follows it. Ctrl-C cancels a run:
what has a compensate is undone; pressed twice it does not wait for that.

With --remote URL (or ENSEMBLE_REMOTE) it starts the ensemble of that id as a deployed Worker has it, with the
key in ENSEMBLE_API_KEY or in the file of --key-file. No file of this machine is read or sent but the input;
--var, --dry-run and --each are for runs on this machine.

Examples:
  $ ensemble run ensembles/document-processor.yaml --input '{"doc_id":"a1","content":"the quick brown fox"}'
  $ ensemble run visit-counter page=/docs
  $ ensemble run readability --input @article.json --quiet > report.json
  $ curl -s https://example.com/order.json | ensemble run import-order --input - --var API_TOKEN
  $ ensemble run report day=2026-11-02 --json | jq -r 'select(.type == "log").message'
  $ ensemble run report day=2026-11-02 --dry-run
  $ ensemble run refund --input @order.json --answer decision=reject:'it was a gift'
  $ ensemble run report day=2026-11-02 --detach
  $ ensemble run import-order --each orders.jsonl region=eu --concurrency 8
  $ ensemble run orders/refund --input @order.json --remote https://shop.example.workers.dev

Exit codes:
  0 done · 1 problems in the file, or with the remote Worker · 2 bad command line or input · 3 the run, or one of --each, failed
  4 the run waits · 70 a bug in ensemble · 130 interrupted
`;

function parseConcurrency(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError('It takes a whole number from 1 to 999.');
  return Number(text);
}

const EACH_ONLY = ['concurrency', 'results', 'fresh'] as const;

function isEach(options: Partial<EachOptions>): options is EachOptions {
  if (options.each !== undefined) return true;
  const alone = EACH_ONLY.find((name) => options[name] !== undefined);
  if (alone !== undefined) throw new UsageProblem(`--${alone} needs --each`);
  return false;
}

/** `ensemble run FILE …` (DESIGN §4). */
export const defineRun: DefineCommand = (program, { io, openHost, sharesHost, remote, exit }) => {
  program
    .command('run')
    .summary('run an ensemble and print its output')
    .showHelpAfterError('Run ensemble run --help to see what it takes.')
    .description('Runs an ensemble on this machine and prints its output on stdout; all else goes to stderr.')
    .argument('<file>', 'an ensemble file, or the name of one under ensembles/; with --remote its id')
    .argument('[key=value...]', 'fields of the input')
    .option('--input <json>', 'the input: JSON, @file, or - for stdin')
    .option('--var <NAME=value>', 'a variable for this run; NAME alone takes it from the environment', collect)
    .option('--each <rows>', 'a run for each line of a file of JSON Lines, or - for stdin')
    .option('--concurrency <n>', 'with --each: how many runs at once (default: 4)', parseConcurrency)
    .option('--results <file>', 'with --each: where the results go (default: beside the rows)')
    .option('--fresh', 'with --each: run every row, and leave out earlier results')
    .option('--answer <AGENT=approve>', 'answer an approval: AGENT=approve or AGENT=reject, with :feedback if you like', collect)
    .option('--approver <name>', 'who answers approvals (default: the user of this machine)')
    .option('--detach', 'print the id of the run and leave it to go on')
    .option('--json', 'print the events of the run, or with --each the results, on stdout, one JSON object a line')
    .option('--quiet', 'say nothing but errors and the output')
    .option('--dry-run', 'compile, check the input and print the plan; run nothing')
    .addHelpText('after', EXAMPLES)
    .action(async (file, pairs, options) => {
      if (options.detach) {
        const other = (['each', 'dryRun', 'answer'] as const).find((name) => options[name] !== undefined);
        if (other !== undefined) throw new UsageProblem(`--detach and --${other === 'dryRun' ? 'dry-run' : other} exclude each other`);
        if (remote() === undefined) checkDetach(sharesHost());
      }
      const isBatch = isEach(options);
      const target = remote();
      if (target !== undefined) {
        const { runDeployed } = await import('../remote/run-deployed.ts');
        exit(await runDeployed(file, pairs, options, io, target));
        return;
      }
      if (isBatch) {
        const { runEach } = await import('../each/run-each.ts');
        exit(await runEach(file, pairs, { ...options, sharesHost: sharesHost() }, io, openHost));
        return;
      }
      const { runEnsemble } = await import('../run/run-ensemble.ts');
      exit(await runEnsemble(file, pairs, { ...options, sharesHost: sharesHost() }, io, openHost));
    });
};
