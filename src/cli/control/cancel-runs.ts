import type { Host } from '../../node/host.ts';
import { ProjectProblem } from '../../node/project-problem.ts';
import type { RunEvent } from '../../program/run-event.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { commandOn } from '../run/command-on.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { Patience } from '../run/patience.ts';
import { withHost } from '../run/with-host.ts';
import { findRun } from '../runs/find-run.ts';
import { harmless } from '../terminal/harmless.ts';
import { createPaint } from '../terminal/paint.ts';
import { checkOutcome } from './check-outcome.ts';
import { readRun } from './read-run.ts';
import { type TellOptions, tellDone } from './tell-done.ts';

type RunEnd = Extract<RunEvent, { type: 'run.finished' }>;

/**
 * `ensemble cancel`: asks runs to stop and waits until they are over, as long as they go on telling how they clean up. What cannot be cancelled is told, and the others are all the same.
 * @throws UsageProblem when one of them does not exist: then none is cancelled.
 */
export function cancelRuns(
  texts: readonly string[],
  { reason = 'cancelled by hand', ...options }: TellOptions & { readonly reason?: string },
  io: Io,
  openHost: OpenHost,
): Promise<ExitCode> {
  return withHost(io, openHost, async (host) => {
    const runs: { readonly run: string; readonly from: number }[] = [];
    for (const text of texts) {
      const run = await findRun(text, host);
      const { snapshot } = await readRun(host, run);
      if (runs.every((known) => known.run !== run)) runs.push({ run, from: snapshot.nextSeq });
    }
    const done = await Promise.all(runs.map(({ run, from }) => cancelOne(host, run, from, { ...options, reason }, io)));
    return done.every((cancelled) => cancelled) ? EXIT.done : EXIT.problemsInFile;
  });
}

async function cancelOne(
  host: Host,
  run: string,
  from: number,
  { reason, ...options }: TellOptions & { readonly reason: string },
  io: Io,
): Promise<boolean> {
  try {
    checkOutcome(run, await host.call('cancel', { run, reason }), host);
  } catch (error) {
    if (!(error instanceof ProjectProblem)) throw error;
    io.stderr.write(`${createPaint(io.stderr, io.env).red('error:')} ${harmless(error.message)}\n`);
    return false;
  }
  const end = await readEnd(host, run, from, io);
  tellDone(endText(run, end, host), { run, status: end?.status ?? 'cancelling' }, options, io);
  return end === undefined || end.status === 'cancelled';
}

function endText(run: string, end: RunEnd | undefined, host: Host): string {
  if (end === undefined) return `${run} is being cancelled, and still cleans up; ${commandOn(host, `attach ${run}`)} follows it`;
  return end.status === 'cancelled' ? `${run} is cancelled` : `${run} was over before it could be cancelled: it ${end.status}`;
}

/** Undefined when the run was silent for too long, or somebody does not want to wait. */
async function readEnd(host: Host, run: string, from: number, io: Io): Promise<RunEnd | undefined> {
  const patience = new Patience(io);
  const { promise: leaving, resolve: leave } = Promise.withResolvers<undefined>();
  const stopListening = io.onInterrupt(() => leave(undefined));
  void patience.run().then(() => leave(undefined));
  try {
    const events = (await host.events(run, { from, follow: true }))?.[Symbol.asyncIterator]();
    for (;;) {
      const next = await Promise.race([events?.next(), leaving]);
      if (next === undefined || next.done === true) return undefined;
      patience.hear(next.value);
      if (next.value.type === 'run.finished') return next.value;
    }
  } finally {
    stopListening();
  }
}
