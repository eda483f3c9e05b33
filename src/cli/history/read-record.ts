import type { FollowOptions, Host } from '../../node/host.ts';
import type { RunEvent } from '../../program/run-event.ts';
import { unknownRun } from '../control/read-run.ts';
import { findRun } from '../runs/find-run.ts';

/** The journal of a run that a command line names. */
export interface RunRecord {
  readonly run: string;
  readonly events: AsyncIterable<RunEvent>;
}

/**
 * Opens the journal of the run that `text` names, by its id or as `findRun` takes it.
 * @throws UsageProblem when the host has no such run.
 */
export async function readRecord(text: string, host: Host, options?: FollowOptions): Promise<RunRecord> {
  const run = await findRun(text, host);
  const events = await host.events(run, options);
  if (events === undefined) throw unknownRun(run, host);
  return { run, events };
}

/** The events that are written now, all at once. */
export async function readEvents(text: string, host: Host): Promise<{ readonly run: string; readonly events: readonly RunEvent[] }> {
  const { run, events } = await readRecord(text, host);
  const all: RunEvent[] = [];
  for await (const event of events) all.push(event);
  return { run, events: all };
}
