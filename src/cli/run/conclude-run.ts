import type { Host } from '../../node/host.ts';
import type { Program } from '../../program/program.ts';
import { showUnanswered } from '../approvals/show-unanswered.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { createPaint } from '../terminal/paint.ts';
import { commandOn } from './command-on.ts';
import type { FollowedRun } from './follow-run.ts';
import type { ItemRecorder } from './item-recorder.ts';
import { showFailure } from './show-failure.ts';
import { showOutput } from './show-output.ts';

export interface RunDone {
  readonly run: string;
  readonly host: Pick<Host, 'flags'>;
  /** Undefined when an earlier version of Ensemble compiled it. */
  readonly program: Program | undefined;
  readonly items: ItemRecorder | undefined;
  /** Of the project; undefined for a run whose files are not on this machine. */
  readonly root: string | undefined;
}

/** Shows how a run that was followed ended, or why it was left: its output on stdout, all else on stderr. Gives the exit code of the command. */
export function concludeRun(
  followed: FollowedRun,
  { run, host, program, items, root }: RunDone,
  options: { readonly json?: boolean },
  io: Io,
): ExitCode {
  const interruption = io.stdout.closed ? EXIT.readerGone : EXIT.interrupted;
  if (followed.type === 'abandoned' || followed.type === 'detached') {
    const left = followed.type === 'abandoned' ? 'not waited for' : 'the run goes on';
    io.stderr.write(`${createPaint(io.stderr, io.env).dim(`${left}; ${commandOn(host, `attach ${run}`)} follows it again`)}\n`);
    return interruption;
  }
  if (followed.type === 'waiting') {
    showUnanswered(run, followed.unanswered, host, io);
    return EXIT.runWaits;
  }
  const { event, interrupted } = followed;
  if (event.status === 'succeeded') {
    if (options.json !== true) showOutput(event.output, io);
    return EXIT.done;
  }
  if (interrupted && event.status === 'cancelled') return interruption;
  showFailure(event, program, root, io, event.agent === undefined ? [] : (items?.itemsOf(event.agent) ?? []));
  return event.failure?.code === 'DEFECT' ? EXIT.defect : EXIT.runFailed;
}
