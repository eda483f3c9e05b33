import type { Host } from '../../node/host.ts';
import type { Failure } from '../../program/failure.ts';
import type { Program } from '../../program/program.ts';
import { createRunId } from '../../program/run-id.ts';
import { elapsedMs } from '../../runtime/engine/elapsed-ms.ts';
import { findAnswer } from '../approvals/given-answers.ts';
import type { People } from '../approvals/question-desk.ts';
import { findRecorded } from '../control/read-run.ts';
import { recordedRun } from '../control/recorded-run.ts';
import type { Io } from '../io.ts';
import type { Reporter } from '../reporters/reporter.ts';
import { type FollowedRun, followRun, type RunToFollow } from '../run/follow-run.ts';
import type { Variables } from '../run/read-variables.ts';
import { startedRun } from '../run/started-run.ts';
import type { EarlierRun } from './results-file.ts';
import type { CheckedRow } from './row-input.ts';
import type { RowResult } from './row-result.ts';

/** What all rows of a batch share. */
export interface Batch {
  readonly host: Host;
  readonly program: Program;
  readonly variables: Variables;
  readonly reporter: Reporter;
  readonly people: People;
  readonly io: Io;
  /** Called before the run of a row begins, or is followed on. */
  begin(key: string, run: string): void;
}

/**
 * Runs one row to its end, or until it waits for somebody. `earlier` is the run that it has since an earlier batch: that one goes on in place of a new one. Undefined when it was given up before
 * it ended: nothing is known of it then.
 */
export async function runRow(row: CheckedRow, batch: Batch, earlier?: EarlierRun): Promise<RowResult | undefined> {
  const { host, program, variables, reporter, people, io } = batch;
  const { line, key } = row;
  if ('problem' in row) {
    const failure: Failure = { code: 'INPUT_INVALID', message: row.problem, retryable: false };
    return { line, key, status: 'failed', failure, duration_ms: 0 };
  }
  const startedAt = io.now();
  const known = earlier === undefined ? undefined : await lookAt(earlier, batch);
  if (known === 'waits') return { line, key, run: earlier?.run ?? '', status: 'waiting', duration_ms: elapsedMs(io, startedAt) };
  const followed = known ?? startedRun(host, program, { run: createRunId(startedAt), input: row.input, ...variables });
  batch.begin(key, followed.run);
  const end = endOf(await followRun(followed, reporter, people, io));
  return end === undefined ? undefined : { line, key, run: followed.run, ...end, duration_ms: elapsedMs(io, startedAt) };
}

/**
 * How a row goes on that has a run already. Undefined = it is run anew: there is no such run any more, or it failed after its batch was killed, and failures run again. Most that wait go on
 * waiting: these need not be followed.
 */
async function lookAt({ run, waited }: EarlierRun, { host, people }: Batch): Promise<RunToFollow | 'waits' | undefined> {
  const found = await findRecorded(host, run);
  if (found === undefined) return undefined;
  const { snapshot, questions } = found;
  if (!waited && (snapshot.status === 'failed' || snapshot.status === 'cancelled')) return undefined;
  const waits = snapshot.status === 'waiting' && questions.length > 0;
  if (waits && questions.every(({ agent }) => findAnswer(people.answers, agent) === undefined)) return 'waits';
  return { ...recordedRun(host, run), onInterrupt: 'cancel' };
}

function endOf(followed: FollowedRun): Pick<RowResult, 'status' | 'output' | 'failure' | 'agent'> | undefined {
  switch (followed.type) {
    case 'abandoned':
    case 'detached':
      return undefined;
    case 'waiting': {
      const [first] = followed.unanswered;
      return { status: 'waiting', ...(first === undefined ? {} : { agent: first.asked.agent }) };
    }
    case 'finished': {
      const { status, output, failure, agent } = followed.event;
      return {
        // One that was cancelled by somebody else is not done, and this batch was not stopped.
        status: status === 'cancelled' && !followed.interrupted ? 'failed' : status,
        ...(output === undefined ? {} : { output }),
        ...(failure === undefined ? {} : { failure }),
        ...(agent === undefined ? {} : { agent }),
      };
    }
    default:
      return followed satisfies never;
  }
}
