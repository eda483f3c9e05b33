import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DefineCommand } from './command.ts';

const EXAMPLES = `
A scope is what runs with the same state.key share in a backend that outlasts them: kv, d1 or
durable-object. Scopes that runs have opened are found by their names; --ensemble (a file or a name),
or --backend with --binding, says where one is. What its ensemble declares holds here, too: values are
checked, keys with valid_for expire, those with secret: true are not shown. Patterns take * and ?.

With a run in place of a command, the state of that run as it stood: ensemble state RUN --at AGENT.

Examples:
  $ ensemble state scopes
  $ ensemble state get visits
  $ ensemble state set visits total=10 'pages:=["/docs"]'
  $ ensemble state history visits total
  $ ensemble state diff visits --since 1h
  $ ensemble state 01m7z5cdz229wsr8855hbdka21 --at count
`;

const BACKENDS = ['kv', 'd1', 'durable-object'] as const;

function addScopeOptions(command: Command) {
  return command
    .addOption(new Option('--backend <backend>', 'where the scope is').choices(BACKENDS))
    .option('--binding <name>', 'the KV namespace or D1 database (default: the first)')
    .option('--ensemble <file>', 'the ensemble whose scope it is: its file, or a name under ensembles/');
}

function parseCount(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('It takes a whole number.');
  return Number(text);
}

/** `ensemble state …`: state across runs, and that of one run. */
export const defineState: DefineCommand = (program, { io, openHost, exit }) => {
  const state = program
    .command('state')
    .summary('read, change and watch state that outlasts runs')
    .showHelpAfterError('Run ensemble state --help to see what it takes.')
    .description('Reads, changes and watches the scopes in which runs keep state for later runs, or shows that of one run.')
    .argument('[run]', 'a run, to see its own state')
    .option('--at <point>', 'with a run: as it stood after that agent, or at that number of ensemble checkpoints')
    .option('--scope <path>', 'with a run: the state of the file that this agent runs')
    .addHelpText('after', EXAMPLES)
    .action(async (run, options) => {
      if (run === undefined) {
        state.help({ error: true });
        return;
      }
      const { showStateAt } = await import('../history/show-state-at.ts');
      exit(await showStateAt(run, options, io, openHost));
    });
  const define = (name: string, summary: string) =>
    addScopeOptions(
      state
        .command(name)
        .summary(summary)
        .description(`${summary.replace(/^\w+/, (verb) => `${verb.charAt(0).toUpperCase()}${verb.slice(1)}s`)}.`)
        .showHelpAfterError(`Run ensemble state ${name} --help to see what it takes.`),
    ).argument('<scope>', 'the scope: what state.key of its ensemble gives, by default its name');

  define('get', 'print values as JSON, without those that have expired')
    .argument('[key]', 'a key, or a pattern; without it all of them')
    .option('--reveal', 'show the values of secret keys and variables')
    .option('--json', 'print the text of a single value as JSON, too')
    .action(async (scope, key, options) => {
      const { getState } = await import('../state/get-state.ts');
      exit(await getState(scope, key, options, io, openHost));
    });

  define('list', 'list keys with their values, and who wrote them when')
    .argument('[pattern]', 'a key, or a pattern')
    .option('--reveal', 'show the values of secret keys and variables')
    .option('--json', 'print a JSON array')
    .action(async (scope, pattern, options) => {
      const { listState } = await import('../state/list-state.ts');
      exit(await listState(scope, pattern, options, io, openHost));
    });

  define('set', 'set keys, all in one commit')
    .argument('[key=value...]', 'a value gets the type that the schema declares; key:=json takes any JSON')
    .option('--values <json>', 'an object of keys and values: JSON, @file, or - for stdin')
    .option('--if-version <n>', 'only if that is still the version of the scope', parseCount)
    .option('--no-check', 'do not ask whether the schema allows the values')
    .option('--json', 'print what was done as JSON')
    .action(async (scope, pairs, options) => {
      const { setState } = await import('../state/set-state.ts');
      exit(await setState(scope, pairs, options, io, openHost));
    });

  define('delete', 'delete keys, all in one commit; the history keeps what they held')
    .argument('[key...]', 'keys, or patterns')
    .option('--all', 'every key')
    .option('--json', 'print what was done as JSON')
    .action(async (scope, keys, options) => {
      const { deleteState } = await import('../state/delete-state.ts');
      exit(await deleteState(scope, keys, options, io, openHost));
    });

  define('history', 'print every value that keys had, oldest first, and who wrote it')
    .argument('[key]', 'a key, or a pattern; without it all of them')
    .option('--limit <n>', 'the newest so many', parseCount)
    .option('--reveal', 'show the values of secret keys and variables')
    .option('--json', 'print a JSON array')
    .action(async (scope, key, options) => {
      const { showHistory } = await import('../state/show-history.ts');
      exit(await showHistory(scope, key, options, io, openHost));
    });

  define('diff', 'print what changed between two points, and how far it got')
    .requiredOption('--since <point>', '1h (ago), a time, a version, snapshot:NAME, or a run: before it first wrote')
    .option('--until <point>', 'the same; a run: after it last wrote (default: now)')
    .option('--expect <keys>', 'the keys that make progress, by commas (default: those of the schema)')
    .option('--stalled-after <duration>', 'how long nothing changes until it counts as stalled (default: 10m)')
    .option('--reveal', 'show the values of secret keys and variables')
    .option('--json', 'print it as JSON')
    .action(async (scope, options) => {
      const { showScopeDiff } = await import('../state/show-scope-diff.ts');
      exit(await showScopeDiff(scope, options, io, openHost));
    });

  define('watch', 'print each change as it comes, until Ctrl-C')
    .argument('[pattern]', 'a key, or a pattern')
    .option('--reveal', 'show the values of secret keys and variables')
    .option('--json', 'print one JSON object a line')
    .action(async (scope, pattern, options) => {
      const { watchScope } = await import('../state/watch-scope.ts');
      exit(await watchScope(scope, pattern, options, io, openHost));
    });

  define('snapshot', 'keep what the scope holds now under a name')
    .option('--name <name>', 'its name (default: the time)')
    .option('--replace', 'in place of an earlier one of the same name')
    .option('--json', 'print it as JSON')
    .action(async (scope, options) => {
      const { snapshotScope } = await import('../state/snapshot-scope.ts');
      exit(await snapshotScope(scope, options, io, openHost));
    });

  define('snapshots', 'list the snapshots of a scope, newest first')
    .option('--delete <name>', 'delete that one')
    .option('--json', 'print a JSON array')
    .action(async (scope, options) => {
      const { showSnapshots } = await import('../state/show-snapshots.ts');
      exit(await showSnapshots(scope, options, io, openHost));
    });

  define('restore', 'make the scope what it was, in one commit')
    .option('--name <name>', 'a snapshot (default: the newest)')
    .option('--to <point>', 'a point of its history instead, as in diff --since')
    .option('--json', 'print what was done as JSON')
    .action(async (scope, options) => {
      const { restoreScope } = await import('../state/restore-scope.ts');
      exit(await restoreScope(scope, options, io, openHost));
    });

  state
    .command('scopes')
    .summary('list the scopes that are known, last used first')
    .description('Lists the scopes that runs have opened, and all that D1 databases hold.')
    .argument('[pattern]', 'a name, or a pattern')
    .option('--json', 'print a JSON array')
    .action(async (pattern, options) => {
      const { listScopes } = await import('../state/list-scopes.ts');
      exit(await listScopes(pattern, options, io, openHost));
    });
};
