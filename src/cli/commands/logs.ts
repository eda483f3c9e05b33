import { Option } from 'commander';
import type { DefineCommand } from './command.ts';

const EXAMPLES = `
Warnings of the run count as level warn. --agent takes an agent with all that runs in it: fetch also
means fetch[3] in a loop and fetch/inner in its file. Ctrl-C ends --follow, not the run.

Examples:
  $ ensemble logs 01m7z5cdz229wsr8855hbdka21
  $ ensemble logs 01m7z5cdz229wsr8855hbdka21 --agent import --level warn
  $ ensemble logs 01m7z5cdz229wsr8855hbdka21 --follow --json | jq -r .message
`;

/** `ensemble logs RUN`. */
export const defineLogs: DefineCommand = (program, { io, openHost, exit }) => {
  program
    .command('logs')
    .summary('print what the agents of a run logged')
    .showHelpAfterError('Run ensemble logs --help to see what it takes.')
    .description('Prints what the agents of a run logged, and its warnings, each with time, level and agent.')
    .argument('<run>', 'a run: its id, the beginning or end of it, or latest')
    .option('--agent <path>', 'only of this agent and what runs in it')
    .addOption(new Option('--level <level>', 'only of this level and above').choices(['debug', 'info', 'warn', 'error'] as const))
    .option('--follow', 'go on with what comes, until the run is over')
    .option('--json', 'print the events, one JSON object a line')
    .addHelpText('after', EXAMPLES)
    .action(async (run, options) => {
      const { showLogs } = await import('../history/show-logs.ts');
      exit(await showLogs(run, options, io, openHost));
    });
};
