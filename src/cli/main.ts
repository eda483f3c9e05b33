import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { ProjectProblem } from '../node/project-problem.ts';
import { ReferenceProblem } from '../node/reference-problem.ts';
import type { RemoteTarget } from '../node/remote/remote-options.ts';
import { RemoteInterrupted, RemoteProblem } from '../node/remote/remote-problem.ts';
import { commandsOf } from './commands/index.ts';
import { describeBug } from './describe-bug.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import { OutputProblem } from './output-problem.ts';
import type { RemoteOptions } from './remote/remote-of.ts';
import type { OpenHost } from './run/open-while-interruptible.ts';
import { harmless } from './terminal/harmless.ts';
import { createPaint } from './terminal/paint.ts';
import { UsageProblem } from './usage-problem.ts';

const EXAMPLES = `
Examples:
  $ ensemble run ensembles/document-processor.yaml --input '{"doc_id":"a1","content":"the quick brown fox"}'
  $ ensemble run visit-counter page=/docs
  $ ensemble runs --status failed --remote https://shop.example.workers.dev
  $ ensemble help run
`;

const openLocally: OpenHost = async (options) => (await import('../node/local-host.ts')).openLocalHost(options);
const openRemotely =
  (target: RemoteTarget, io: Io): OpenHost =>
  async ({ notice = () => {} }) =>
    (await import('./remote/open-remote.ts')).openRemote(target, notice, io);
const openShared: OpenHost = async (options) => (await import('../node/host-process/open-shared-host.ts')).openSharedHost(options);

/**
 * The CLI as a function: `argv` without node and script. Resolves to the exit code; never throws and never ends the process.
 * What commands need loads when they run: `--help` and a wrong command line load neither compiler nor miniflare (DESIGN §5).
 */
export async function main(argv: readonly string[], io: Io, openHost?: OpenHost): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  try {
    const exit = (next: ExitCode) => {
      code = next;
    };
    await buildProgram(argv, io, openHost, exit).parseAsync(argv, { from: 'user' });
  } catch (error) {
    code = explain(error, io);
  }
  await Promise.all([io.stdout.flushed(), io.stderr.flushed()]);
  return code;
}

function buildProgram(argv: readonly string[], io: Io, openHost: OpenHost | undefined, exit: (code: ExitCode) => void): Command {
  const program = new Command('ensemble')
    .description(packageJson.description)
    .version(packageJson.version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .option('--no-host', 'run in this process instead of the host that commands share (also: ENSEMBLE_NO_HOST=1)')
    .option('--remote <url>', 'act on the runs of a deployed Worker (also: ENSEMBLE_REMOTE), with the key in ENSEMBLE_API_KEY')
    .option('--key-file <file>', 'with --remote: the file that holds the key')
    .helpCommand('help [command]', 'show help for a command')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('Run ensemble --help to see what there is.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => Math.min(io.stdout.columns ?? 100, 100),
      getErrHelpWidth: () => Math.min(io.stderr.columns ?? 100, 100),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      outputError: (text, write) => write(harmless(text)),
    });
  // Asked when a command acts: by then the command line is read.
  const sharesHost = () => program.opts<{ host?: boolean }>().host !== false && !/^(?:1|true)$/.test(io.env.ENSEMBLE_NO_HOST ?? '');
  let target: RemoteTarget | undefined;
  program.hook('preAction', async (_program, command) => {
    const options = program.opts<RemoteOptions>();
    const isNamed = options.remote !== undefined || options.keyFile !== undefined || (io.env.ENSEMBLE_REMOTE ?? '') !== '';
    if (isNamed) target = (await import('./remote/remote-of.ts')).remoteOf(options, command, io);
  });
  const open: OpenHost =
    openHost ?? ((options) => (target !== undefined ? openRemotely(target, io) : sharesHost() ? openShared : openLocally)(options));
  for (const define of commandsOf(argv)) define(program, { io, openHost: open, sharesHost, remote: () => target, exit });
  return program;
}

const EXPECTED_PROBLEMS = [
  { type: UsageProblem, exit: EXIT.badCommandLine },
  { type: ReferenceProblem, exit: EXIT.badCommandLine },
  { type: ProjectProblem, exit: EXIT.problemsInFile },
  { type: RemoteProblem, exit: EXIT.problemsInFile },
  { type: RemoteInterrupted, exit: EXIT.interrupted },
  { type: OutputProblem, exit: EXIT.runFailed },
] as const;

/** Every way out but the usual ones: shows what went wrong and says how the process ends. */
export function explain(error: unknown, io: Io): ExitCode {
  const paint = createPaint(io.stderr, io.env);
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.badCommandLine;
  const expected = EXPECTED_PROBLEMS.find(({ type }) => error instanceof type);
  if (expected !== undefined && error instanceof Error) {
    io.stderr.write(`${paint.red('error:')} ${harmless(error.message)}\n`);
    return expected.exit;
  }
  io.stderr.write(
    `${paint.red('This is a bug in ensemble, not in your file.')} Please report it with the lines below.\n${describeBug(error)}\n`,
  );
  return EXIT.defect;
}
