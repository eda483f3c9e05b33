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
}

/** Of this process: a watchdog wants to know all that is in flight in it. */
let marks: CallMarks | undefined;
const turns = new CarefulTurns();

/** Undefined where no watchdog listens (a deployed Worker: the platform has limits of its own). */
export function openCodeWatch(env: WorkerEnv, run: string, recovered: boolean): CodeWatch | undefined {
  const secret = env[WORKER_BINDINGS.watchSecret];
  if (secret === undefined) return undefined;
  // biome-ignore lint/suspicious/noConsole: the only way out of a worker that does not wait for anything, and so is there before the body begins
  marks ??= new CallMarks(secret, (line) => console.log(line));
  const careful = recovered && env[WORKER_BINDINGS.careful] !== undefined;
  return { run, marks, ...(careful ? { turns } : {}) };
}
