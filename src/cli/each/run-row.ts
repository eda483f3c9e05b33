import type { Host } from '../../node/host.ts';
import { createRunId } from '../../node/run-id.ts';
import type { Failure } from '../../program/failure.ts';
import type { Program } from '../../program/program.ts';
import type { People } from '../approvals/question-desk.ts';
import type { Io } from '../io.ts';
import type { Reporter } from '../reporters/reporter.ts';
import { type FollowedRun, followRun } from '../run/follow-run.ts';
import type { Variables } from '../run/read-variables.ts';
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
}

/** Runs one row to its end. Undefined when it was given up before it ended: nothing is known of it then. */
export async function runRow(row: CheckedRow, { host, program, variables, reporter, people, io }: Batch): Promise<RowResult | undefined> {
  const { line, key } = row;
  if ('problem' in row) {
    const failure: Failure = { code: 'INPUT_INVALID', message: row.problem, retryable: false };
    return { line, key, status: 'failed', failure, duration_ms: 0 };
  }
  const run = createRunId(io.now());
  const startedAt = io.now();
  const followed = await followRun(host, program, { run, input: row.input, ...variables }, reporter, people, io);
  const end = endOf(followed);
  return end === undefined ? undefined : { line, key, run, ...end, duration_ms: io.now() - startedAt };
}

function endOf(followed: FollowedRun): Pick<RowResult, 'status' | 'output' | 'failure' | 'agent'> | undefined {
  switch (followed.type) {
    case 'abandoned':
      return undefined;
    case 'waiting': {
      const { agent, prompt = '' } = followed.event;
      const message = `${agent} asks for an approval, and ${followed.why}${prompt === '' ? '' : `: ${prompt}`} (--answer answers it)`;
      return { status: 'failed', failure: { code: 'CANCELLED', message, retryable: false }, agent };
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
