import type { DefineCommand } from './command.ts';

const EXAMPLES = `
An agent with operation: wait and config: { for_signal: NAME } goes on with the signal; its data is .output.data.
The agent that waits longest gets it. When none waits yet, it is kept for the first one that does.

Examples:
  $ ensemble signal 01m7z5cdz229wsr8855hbdka21 paid --data '{"cents":4000}'
  $ ensemble signal latest stock-arrived
`;

/** `ensemble signal RUN NAME`. */
export const defineSignal: DefineCommand = (program, { io, openHost, exit }) => {
  program
    .command('signal')
    .summary('send a signal to a run that waits for one')
    .showHelpAfterError('Run ensemble signal --help to see what it takes.')
    .description('Sends a signal to a run.')
    .argument('<run>', 'the id of a run')
    .argument('<name>', 'the name of the signal')
    .option('--data <json>', 'what comes with it: JSON, @file, or - for stdin')
    .option('--json', 'print what was done as JSON; known: false when no agent waits for a signal of that name')
    .addHelpText('after', EXAMPLES)
    .action(async (run, name, options) => {
      const { sendSignal } = await import('../control/send-signal.ts');
      exit(await sendSignal(run, name, options, io, openHost));
    });
};
