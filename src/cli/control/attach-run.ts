import type { Project } from '../../node/find-project.ts';
import type { Host } from '../../node/host.ts';
import type { Program } from '../../program/program.ts';
import { type ApprovalOptions, readPeople } from '../approvals/read-people.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { chooseReporter, REPORTERS } from '../reporters/index.ts';
import type { Reporter } from '../reporters/reporter.ts';
import { concludeRun } from '../run/conclude-run.ts';
import { followRun, type RunToFollow } from '../run/follow-run.ts';
import { ItemRecorder } from '../run/item-recorder.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { withHost } from '../run/with-host.ts';
import { findRun } from '../runs/find-run.ts';
import { unknownRun } from './read-run.ts';
import { recordedRun } from './recorded-run.ts';

export interface AttachOptions extends ApprovalOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/**
 * `ensemble attach`: tells what happened in a run, follows it to its end and shows how it ended. Exit codes are those of `run`.
 * @throws UsageProblem when there is no such run.
 */
export function attachRun(text: string, options: AttachOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  return withHost(io, openHost, async (host, project) => attachTo(await findRun(text, host), options, io, { host, project }));
}

export interface Attachment {
  readonly host: Host;
  readonly project: Project;
  /** Default: `detach`. */
  readonly onInterrupt?: RunToFollow['onInterrupt'];
}

/** The same for a run whose id is known and a host that is open. */
export async function attachTo(
  run: string,
  options: AttachOptions,
  io: Io,
  { host, project, onInterrupt = 'detach' }: Attachment,
): Promise<ExitCode> {
  const program = await host.readProgram(run);
  if (program === undefined && (await host.events(run)) === undefined) throw unknownRun(run, host);
  const people = readPeople(options, program, io, host.origin);
  const reporter = REPORTERS[chooseReporter(io, options)](io, program);
  try {
    const items = recordItems(program, reporter);
    const hold = reporter.hold === undefined ? {} : { hold: reporter.hold };
    const followed = await followRun({ ...recordedRun(host, run), onInterrupt }, items ?? reporter, { ...people, ...hold }, io);
    reporter.close();
    return concludeRun(followed, { run, host, program, items, root: host.origin === undefined ? project.root : undefined }, options, io);
  } finally {
    reporter.close();
  }
}

function recordItems(program: Program | undefined, reporter: Reporter): ItemRecorder | undefined {
  return program === undefined ? undefined : new ItemRecorder(program, reporter);
}
