import { WORKER_BINDINGS } from '../program/host-protocol.ts';
import { CallMarks } from './call-marks.ts';
import { CarefulTurns } from './careful-turns.ts';
import type { WorkerEnv } from './worker-env.ts';

/** How the calls of one run are told to the host's watchdog. */
export interface CodeWatch {
  readonly run: string;
  readonly marks: CallMarks;
  /** Each call is told, and begins only in its turn: which of several had stopped the worker before could not be known. */
  readonly turns?: CarefulTurns;
  /** How long the first call is put off. */
  readonly breathMs?: number;
}

/**
 * The worker before this one was stopped by a body of this run, which may go on to the next that does. The other runs, which come back at the same time, are to get somewhere in between.
 */
const BREATH_MS = 250;

/** Of this process: a watchdog wants to know all that is in flight in it. */
let marks: CallMarks | undefined;
const turns = new CarefulTurns();

/** Undefined where no watchdog listens (a deployed Worker: the platform has limits of its own). */
export function openCodeWatch(env: WorkerEnv, run: string, recovered: boolean): CodeWatch | undefined {
  const secret = env[WORKER_BINDINGS.watchSecret];
  if (secret === undefined) return undefined;
  // biome-ignore lint/suspicious/noConsole: the only way out of a worker that does not wait for anything, and so is there before the body begins
  marks ??= new CallMarks(secret, (line) => console.log(line));
  const careful = env[WORKER_BINDINGS.careful] !== undefined;
  if (!recovered || (!careful && !isBlamed(run, env))) return { run, marks };
  return { run, marks, breathMs: BREATH_MS, ...(careful ? { turns } : {}) };
}

function isBlamed(run: string, env: WorkerEnv): boolean {
  const verdicts = JSON.parse(env[WORKER_BINDINGS.verdicts] ?? '[]') as readonly { readonly run: string }[];
  return verdicts.some((verdict) => verdict.run === run);
}
