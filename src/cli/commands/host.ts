import type { DefineCommand } from './command.ts';

const EXAMPLES = `
Commands on one project share a host: a process in the background that holds the project's local data and its runs.
The first command starts it, and it ends by itself once nobody has used it for a minute and no run is at work. One
that was started by another version of ensemble, or with another wrangler configuration or .dev.vars, is replaced;
its runs go on in the next one.

Examples:
  $ ensemble host status
  $ ensemble host status --json
  $ ensemble host stop
`;

const STOP_EXAMPLES = `
Runs that are at work have ten seconds to come to an end; what is not over by then goes on when a host is next up,
as do runs that wait. A command that follows a run starts the next host at once.

Examples:
  $ ensemble host stop
  $ ensemble host stop --force
`;

/** `ensemble host status|stop`. */
export const defineHost: DefineCommand = (program, { io, exit }) => {
  const host = program
    .command('host')
    .summary('look at the host that commands share, or end it')
    .description('Looks at the background process that commands on this project share, or ends it.')
    .showHelpAfterError('Run ensemble host --help to see what it takes.')
    .addHelpText('after', EXAMPLES);
  host
    .command('status')
    .summary('say whether a host is up, and what it is doing')
    .description('Says whether a host is up for this project, and what it is doing.')
    .option('--json', 'print one JSON object')
    .action(async (options) => {
      const { showHostStatus } = await import('../host/show-status.ts');
      exit(await showHostStatus(options, io));
    });
  host
    .command('stop')
    .summary('end the host')
    .description('Ends the host of this project. No run is lost.')
    .option('--force', 'do not wait for runs, and kill a host that does not answer')
    .addHelpText('after', STOP_EXAMPLES)
    .action(async (options) => {
      const { stopSharedHost } = await import('../host/stop-shared-host.ts');
      exit(await stopSharedHost(options, io));
    });
};
