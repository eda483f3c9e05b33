import { UsageProblem } from '../usage-problem.ts';
import type { DefineCommand } from './command.ts';

const EXAMPLES = `
Builds the project as "ensemble build" does and serves the Worker that would be deployed: the HTTP API, the http and
webhook triggers on the port; crons by time, queues and emails. The bindings are those of the wrangler configuration,
emulated, with the data that "ensemble run" and "wrangler ... --local" see; secrets come from .dev.vars. Each change of
a file is served at once, and runs that are at work go on; while the project has mistakes, what was served before is.

Other commands in the project (run, runs, show, approve ...) work beside it, on the same runs.

Examples:
  $ ensemble dev
  $ ensemble dev --port 3000 --no-cron
  $ ensemble dev --env staging
  $ ensemble trigger cron nightly-sync
`;

const MAX_PORT = 65_535;

/** `ensemble dev`. */
export const defineDev: DefineCommand = (program, { io, exit }) => {
  program
    .command('dev')
    .summary('serve the project locally, with all its triggers')
    .description('Serves the project locally as it would be deployed, with all its triggers, and again on each change.')
    .option('--port <port>', 'the port that it is served on; 0 = any that is free', readPort, 8787)
    .option('--host <address>', 'the address that it listens on', '127.0.0.1')
    .option('--env <name>', 'a named environment of the wrangler configuration')
    .option('--no-cron', 'cron triggers fire by "ensemble trigger cron" alone')
    .option('--json', 'print one JSON object for each thing that happens')
    .showHelpAfterError('Run ensemble dev --help to see what it takes.')
    .addHelpText('after', EXAMPLES)
    .action(async (options) => {
      const { runDev } = await import('../dev/run-dev.ts');
      exit(await runDev(options, io));
    });
};

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= MAX_PORT) return port;
  throw new UsageProblem(`--port is a number from 0 to ${MAX_PORT}, not "${text}"`);
}
