import type { ForkAsk, ForkOutcome } from '../program/host-calls.ts';
import type { Program } from '../program/program.ts';
import { EVENT_FORMAT, type EventBody, type RunEvent } from '../program/run-event.ts';
import type { RunRequest } from '../program/run-request.ts';
import type { Secret } from '../program/secret.ts';
import { hideSecretKeys } from '../runtime/engine/secret-state.ts';
import { buildForkRecord, type ForkedEvent, type ForkSource, findCut, listBegun, SECRETS_LOST } from './fork-record.ts';
import { openRun } from './open-run.ts';
import { shareProgram } from './program-cache.ts';
import { redactorOf } from './request-secrets.ts';
import type { WorkerEnv } from './worker-env.ts';

/** Where a run's object answers another one of the same Worker, as JSON; no request from outside gets there. */
export const FORK_SOURCE_PATH = '/fork-source';

/** A run to keep, and what its journal begins with. */
export interface ForkedRun {
  readonly type: 'forked';
  readonly program: Program;
  readonly request: RunRequest;
  readonly record: readonly ForkedEvent[];
  /** That may be in it. */
  readonly secrets: readonly Secret[];
}

/** Reads the old run and builds the new one from it. */
export async function prepareFork(ask: ForkAsk, env: WorkerEnv): Promise<ForkedRun | ForkOutcome> {
  const response = await openRun(env, ask.from).fetch(`http://run${FORK_SOURCE_PATH}`);
  if (!response.ok) return { type: 'unknown' };
  // Our own object, built from the same types.
  const source = (await response.json()) as ForkSource;
  const cut = findCut(source.events, ask.agent);
  if (cut === undefined) return { type: 'unknown-agent', agents: listBegun(source.events) };
  const program = ask.program ?? source.program;
  const request: RunRequest = { ...source.request, run: ask.run, input: ask.input === undefined ? source.request.input : ask.input };
  const { hash } = await shareProgram(program);
  const redactor = redactorOf(request, env, source.secrets);
  hideSecretKeys(program.body.state, '', redactor);
  const at = Date.now();
  const hide = (body: EventBody): ForkedEvent => {
    const event: RunEvent = { seq: 0, at, run: ask.run, ...body };
    return { event, shown: redactor.event(event) };
  };
  const started = hide({
    type: 'run.started',
    format: EVENT_FORMAT,
    ensemble: program.ensemble,
    file: program.file,
    program: hash,
    input: request.input,
    ...(request.trigger === undefined ? {} : { trigger: request.trigger }),
    agents: program.body.steps.map(({ path }) => path),
    attempt: 1,
  });
  const { from, agent, values } = ask;
  const forked = hide({ type: 'run.forked', from, agent, ...(values === undefined ? {} : { values }) });
  const ends = source.hasLost ? [hide(SECRETS_LOST), forked] : [forked];
  const record = buildForkRecord(source, { cut, run: ask.run, started, ends });
  return { type: 'forked', program, request, record, secrets: source.secrets };
}
