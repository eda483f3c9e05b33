import type { Command } from 'commander';
import { UsageProblem } from '../usage-problem.ts';

/** Why an option cannot be used with a deployed Worker: the rest of a sentence that begins with the option. */
type Refusals = Readonly<Record<string, string>>;

const NO_SECRETS = 'shows what a deployed Worker shows to nobody';

/** The commands that act on the runs and the state of a deployed Worker, with those of their options that it does not take. */
const ON_A_WORKER: Readonly<Record<string, Refusals>> = {
  run: {
    var: 'cannot be given to a deployed Worker: its variables come with its deployment',
    dryRun: 'compiles a file of this machine: ensemble run FILE --dry-run without --remote shows the plan',
    each: 'starts runs on this machine only; for a deployed Worker start one for each line',
  },
  attach: {},
  pause: {},
  resume: {
    var: 'cannot be given to a deployed Worker: its variables come with its deployment',
    withCurrent: 'goes on with a file of this machine: a deployed run goes on as it was started',
  },
  cancel: {},
  approve: {},
  reject: {},
  signal: {},
  runs: {},
  show: {},
  logs: {},
  checkpoints: {},
  diff: {},
  state: { reveal: NO_SECRETS },
  stats: {},
};

/** Those that act on the runs of this machine: with ENSEMBLE_REMOTE set, it would be a surprise if they did. */
const ON_RUNS_HERE: ReadonlySet<string> = new Set(['fork', 'replay', 'prune']);

/** Whether a command acts on the Worker that ENSEMBLE_REMOTE names; others do not look at it. */
export function looksAtRemote(command: Command): boolean {
  const name = topOf(command);
  return Object.hasOwn(ON_A_WORKER, name) || ON_RUNS_HERE.has(name);
}

/**
 * For a command line that means a deployed Worker, before anything is asked.
 * @throws UsageProblem when the command, or one of its options, makes no sense there.
 */
export function checkRemote(command: Command): void {
  const name = topOf(command);
  const refusals = ON_A_WORKER[name];
  if (refusals === undefined) {
    throw new UsageProblem(`ensemble ${name} works on this machine alone: leave out --remote (or unset ENSEMBLE_REMOTE)`);
  }
  for (const [option, why] of Object.entries(refusals)) {
    if (command.getOptionValue(option) === undefined) continue;
    throw new UsageProblem(`--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${why}`);
  }
}

/** `state` for `ensemble state get`. */
function topOf(command: Command): string {
  let top = command;
  while (top.parent?.parent) top = top.parent;
  return top.name();
}
