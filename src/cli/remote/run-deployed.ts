import { randomUUID } from 'node:crypto';
import type { RemoteHost } from '../../node/remote/remote-host.ts';
import type { RemoteTarget } from '../../node/remote/remote-options.ts';
import { RemoteProblem } from '../../node/remote/remote-problem.ts';
import type { JsonValue } from '../../program/json.ts';
import { type ApprovalOptions, readPeople } from '../approvals/read-people.ts';
import { tell } from '../control/tell.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { chooseReporter, REPORTERS } from '../reporters/index.ts';
import { commandOn } from '../run/command-on.ts';
import { concludeRun } from '../run/conclude-run.ts';
import { followRun } from '../run/follow-run.ts';
import { ItemRecorder } from '../run/item-recorder.ts';
import { noticeText } from '../run/notice-text.ts';
import { readInput } from '../run/read-input.ts';
import { tellDetached } from '../run/tell-detached.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { UsageProblem } from '../usage-problem.ts';
import { deployedRun } from './deployed-run.ts';
import { ensembleId } from './ensemble-id.ts';
import { openRemote } from './open-remote.ts';
import { readInputSchema } from './read-input-schema.ts';

/** Faults of an input that are listed. */
const MOST_FIELDS = 100;

export interface DeployedRunOptions extends ApprovalOptions {
  readonly input?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly detach?: boolean;
}

/**
 * `ensemble run --remote`: starts an ensemble as it is deployed, follows its run and prints the output, with the exit codes of a local run. Nothing of this machine's files is read or sent but the input.
 * @throws UsageProblem, ReferenceProblem, RemoteProblem; anything else is a defect.
 */
export async function runDeployed(
  reference: string,
  pairs: readonly string[],
  options: DeployedRunOptions,
  io: Io,
  target: RemoteTarget,
): Promise<ExitCode> {
  const id = ensembleId(reference);
  const people = readPeople(options, undefined, io, target.origin);
  const input = await readInput(options.input, pairs, await readInputSchema(id, target), io);
  const reporter = REPORTERS[chooseReporter(io, options)](io);
  let interrupted = false;
  let run: string | undefined;
  const stopListening = io.onInterrupt(() => {
    interrupted = true;
  });
  const host = openRemote(target, (notice) => reporter.notice(noticeText(notice, io.cwd)), io);
  try {
    run = await start(host, id, input);
    if (interrupted) return await cancelAtOnce(host, run, io);
    reporter.close();
    if (options.detach === true) {
      tellDetached(run, options, host, io);
      return EXIT.done;
    }
    return await follow(host, run, options, people, io);
  } catch (error) {
    // The Worker says no, to a key that may start runs and not read them: what it started goes on.
    if (run !== undefined && error instanceof RemoteProblem && error.status !== undefined)
      tell(`the run ${run} was started, and goes on`, io);
    throw error;
  } finally {
    reporter.close();
    await host.close();
    stopListening();
  }
}

async function start(host: RemoteHost, id: string, input: JsonValue): Promise<string> {
  try {
    // Made once for the command: if an answer is lost and the question is asked again, there is still one run.
    return await host.start(id, input, randomUUID());
  } catch (error) {
    if (error instanceof RemoteProblem && error.code === 'invalid-input') throw new UsageProblem(inputProblem(error), { cause: error });
    throw error;
  }
}

/** In the words in which a local run says it. */
function inputProblem({ document }: RemoteProblem): string {
  const errors: readonly unknown[] = Array.isArray(document.errors) ? document.errors : [];
  const fields = errors.flatMap((error) => {
    if (typeof error !== 'object' || error === null || !('path' in error) || !('message' in error)) return [];
    return [`  ${error.path === '' ? 'the input' : harmlessLine(String(error.path))}: ${harmlessLine(String(error.message))}`];
  });
  if (fields.length === 0) return harmlessLine(String(document.detail));
  const left = fields.length - MOST_FIELDS;
  const more = left > 0 ? [`  and ${left} more`] : [];
  return ['the input does not fit what the ensemble asks for:', ...fields.slice(0, MOST_FIELDS), ...more].join('\n');
}

/** Ctrl-C while the run was being started: it is there now. */
async function cancelAtOnce(host: RemoteHost, run: string, io: Io): Promise<ExitCode> {
  await host.call('cancel', { run, reason: 'interrupted' });
  tell(`${run} is being cancelled; ${commandOn(host, `attach ${run}`)} follows it`, io);
  return EXIT.interrupted;
}

async function follow(
  host: RemoteHost,
  run: string,
  options: DeployedRunOptions,
  people: ReturnType<typeof readPeople>,
  io: Io,
): Promise<ExitCode> {
  const program = await host.readProgram(run);
  const reporter = REPORTERS[chooseReporter(io, options)](io, program);
  try {
    const items = program === undefined ? undefined : new ItemRecorder(program, reporter);
    const hold = reporter.hold === undefined ? {} : { hold: reporter.hold };
    const followed = await followRun(deployedRun(host, run), items ?? reporter, { ...people, ...hold }, io);
    reporter.close();
    return concludeRun(followed, { run, host, program, items, root: undefined }, options, io);
  } finally {
    reporter.close();
  }
}
