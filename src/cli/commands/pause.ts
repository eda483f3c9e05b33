import type { DefineCommand } from './command.ts';

const EXAMPLES = `
What is at work goes on to its end; no other agent begins until ensemble resume lets the run go on. A pause
outlasts everything: the run is still paused after a crash or a restart.

Examples:
  $ ensemble pause 01m7z5cdz229wsr8855hbdka21 --reason 'the shop is down'
  $ ensemble resume 01m7z5cdz229wsr8855hbdka21
`;

/** `ensemble pause RUN`. */
export const definePause: DefineCommand = (program, { io, openHost, exit }) => {
  program
    .command('pause')
    .summary('let no agent of a run begin until it is resumed')
    .showHelpAfterError('Run ensemble pause --help to see what it takes.')
    .description('Pauses a run.')
    .argument('<run>', 'the id of a run')
    .option('--reason <text>', 'why; the journal of the run keeps it')
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (run, options) => {
      const { pauseRun } = await import('../control/pause-run.ts');
      exit(await pauseRun(run, options, io, openHost));
    });
};
