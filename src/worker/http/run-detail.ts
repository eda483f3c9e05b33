import type { Failure } from '../../program/failure.ts';
import type { RunSummary } from '../../program/host-calls.ts';
import type { JsonValue } from '../../program/json.ts';
import { openRun } from '../open-run.ts';
import type { RunEnd } from '../run-end.ts';
import type { WorkerEnv } from '../worker-env.ts';
import { linksOfRun, type RunLinks } from './links.ts';

/** A run as the API shows it: as in lists, with how it ended. */
export interface RunDetail extends Omit<RunSummary, 'failure'> {
  readonly output?: JsonValue;
  /** What the output's response block gave, for http triggers (LANGUAGE §7). */
  readonly response?: NonNullable<RunEnd['response']>;
  readonly failure?: Failure | NonNullable<RunSummary['failure']>;
  readonly links: RunLinks;
}

/** A run that is over comes with its output or its failure, as its last event has them: `end`, where that is known already. */
export async function describeRun(env: WorkerEnv, summary: RunSummary, end?: RunEnd): Promise<RunDetail> {
  const links = linksOfRun(summary.run);
  const last = summary.finished_at === undefined ? undefined : (end ?? (await readEnd(env, summary.run)));
  if (last === undefined) return { ...summary, links };
  const { output, response, failure } = last;
  return {
    ...summary,
    ...(output === undefined ? {} : { output }),
    ...(response === undefined ? {} : { response }),
    ...(failure === undefined ? {} : { failure }),
    links,
  };
}

async function readEnd(env: WorkerEnv, run: string): Promise<RunEnd | undefined> {
  const text = await openRun(env, run).end(0);
  return text === undefined ? undefined : (JSON.parse(text) as RunEnd);
}
