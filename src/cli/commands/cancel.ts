import type { DefineCommand } from './command.ts';

const EXAMPLES = `
What is at work is stopped, what has a compensate is undone, and the run ends as cancelled. The command waits for
that as long as the run goes on telling how it cleans up; Ctrl-C waits no longer.

Examples:
  $ ensemble cancel 01m7z5cdz229wsr8855hbdka21 --reason 'ordered twice'
  $ ensemble cancel 01m7z5cdz229wsr8855hbdka21 01m7z6aa8kq3v0yx4h2m9wbd7c

Exit codes:
  0 all are cancelled · 1 one was over before · 2 no such run (then none is cancelled)
`;

/** `ensemble cancel RUN…`. */
export const defineCancel: DefineCommand = (program, { io, openHost, exit }) => {
  program
    .command('cancel')
    .summary('stop runs and undo what can be undone')
    .showHelpAfterError('Run ensemble cancel --help to see what it takes.')
    .description('Cancels one or several runs.')
    .argument('<run...>', 'the ids of runs')
    .option('--reason <text>', 'why; the journal of the run keeps it')
    .option('--json', 'print how each ended, one JSON object a line')
    .addHelpText('after', EXAMPLES)
    .action(async (runs, options) => {
      const { cancelRuns } = await import('../control/cancel-runs.ts');
      exit(await cancelRuns(runs, options, io, openHost));
    });
};
