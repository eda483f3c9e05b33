import type { Failure } from '../../program/failure.ts';
import type { JsonValue } from '../../program/json.ts';
import type { Program } from '../../program/program.ts';
import { EVENT_FORMAT, type EventBody, type RunEvent } from '../../program/run-event.ts';
import type { Secret } from '../../program/secret.ts';
import { FailureError, failure } from '../failure.ts';
import type { Journal } from '../journal/journal.ts';
import { OPERATIONS } from '../operations/index.ts';
import type { Operation } from '../operations/operation.ts';
import type { Ports } from '../ports.ts';
import type { RunInbox } from '../run-inbox.ts';
import { createStateBackends } from '../state/state-backends.ts';
import { AgentFailed } from './agent-failed.ts';
import type { BodyEnd } from './body-context.ts';
import { CacheFlights } from './cache/cache-flights.ts';
import { checkBodyInput } from './check-body-input.ts';
import { CompensationLog } from './compensation/compensation-log.ts';
import { elapsedMs } from './elapsed-ms.ts';
import { EventLog } from './event-log.ts';
import { HeldOutputs } from './held-outputs.ts';
import { findExcess } from './json-size.ts';
import { openLifetime } from './lifetime.ts';
import { Redactor } from './redact.ts';
import { endGoneAgents } from './replay/gone-agents.ts';
import { type RecordCheck, RecordedRun } from './replay/recorded-run.ts';
import { createReplayClock } from './replay/replay-clock.ts';
import { runBody } from './run-body.ts';
import type { RunContext } from './run-context.ts';
import { RunLimits } from './run-limits.ts';
import { RunStop } from './run-stop.ts';

export interface RunOptions {
  readonly program: Program;
  /** The program's hash, for `run.started`. */
  readonly programHash: string;
  /** The run's id. */
  readonly run: string;
  readonly input: JsonValue;
  readonly trigger?: JsonValue | undefined;
  readonly ports: Ports;
  /** Gets every event, in groups, before anything acts on it. */
  readonly journal: Journal;
  /** Fires to cancel the run; a text as its reason is what `run.finished` says. */
  readonly signal: AbortSignal;
  /**
   * What the run's journal holds, unredacted and in order, when the run goes on from there (an unfinished one: without `run.finished`). Nothing that is recorded is done again; what follows has the
   * `seq` after it. Input and trigger must be those of the run; `program` may be another one, whose agents take what is recorded under their paths.
   */
  readonly recorded?: readonly RunEvent[] | undefined;
  /** With `recorded`: what was secret while that was written, which `ports` may not know any more. No event shows it. */
  readonly secretsBefore?: readonly Secret[] | undefined;
  /** With `recorded`: the program is another one than that which wrote it. */
  readonly isReplaced?: boolean | undefined;
  /** With `recorded`: it is only compared with what follows from it (`replayProgram`). */
  readonly check?: ((redact: (body: EventBody) => EventBody) => RecordCheck) | undefined;
  /** What comes in while the run is at work. Its `answers` and `signals` are the run's, unless `ports` has others. */
  readonly inbox?: RunInbox | undefined;
  /** With `recorded`: the attempts that a crash cut short and that must not be tried again, by the path of their agents. Each fails at once with this, once. */
  readonly verdicts?: ReadonlyMap<string, Failure> | undefined;
  /** Default: all that this version knows. */
  readonly operations?: ReadonlyMap<string, Operation>;
}

/** The last event of a run, without its header. */
export type RunFinished = Extract<EventBody, { readonly type: 'run.finished' }>;

/**
 * Runs a program from its first agent to its end and returns what its last event says. Everything that happens on the way, failures included, is in the journal;
 * a fault of ours ends the run with DEFECT. Rejects only when the journal itself cannot be written.
 */
export async function runProgram(options: RunOptions): Promise<RunFinished> {
  const { program, programHash, run: id, trigger, inbox } = options;
  const redactor = new Redactor();
  for (const name of options.ports.secrets) {
    const value = Object.hasOwn(options.ports.env, name) ? options.ports.env[name] : undefined;
    if (value !== undefined) redactor.add(name, value);
  }
  for (const { name, value } of options.secretsBefore ?? []) redactor.add(name, value);
  const recorded = options.recorded ?? [];
  const life = countLives(recorded);
  const replay =
    recorded.length === 0
      ? undefined
      : new RecordedRun(
          recorded,
          life,
          options.check?.((body) => redactor.event(body)),
        );
  const ports = portsOf(options, replay);
  const gone = options.isReplaced === true ? endGoneAgents(recorded, program, options.ports.clock.now()) : [];
  const log = openLog(options, redactor, replay, { life, gone });
  replay?.beforeLive(() => log.resume());
  inbox?.open(log, [...recorded, ...gone]);
  const startedAt = ports.clock.now();
  const limits = new RunLimits(program.limits, { startedAt, subject: 'The run' });
  const run: RunContext = {
    program,
    id,
    commitsAs: commitsAs(options),
    opened: new Map(),
    starts: new Map(),
    ports,
    operations: options.operations ?? OPERATIONS,
    log,
    redactor,
    held: new HeldOutputs(),
    replay,
    inbox,
    verdicts: new Map(options.verdicts),
    cacheFlights: new CacheFlights(),
    runBody: (call) => runBody(call, run),
  };
  const input = checkedInput(options);
  log.add({
    type: 'run.started',
    format: EVENT_FORMAT,
    ensemble: program.ensemble,
    file: program.file,
    program: programHash,
    input: input.value,
    ...(trigger === undefined ? {} : { trigger }),
    agents: pathsOf(program),
    attempt: 1,
  });
  const lifetime = openLifetime({ path: '', limits, outer: options.signal, cancelled }, run);
  lifetime.limit();
  let end: Ending;
  try {
    if (input.error !== undefined) throw input.error;
    const { signal } = lifetime;
    const done = await runBody(
      {
        body: program.body,
        kind: 'ensemble',
        path: '',
        depth: 0,
        beside: false,
        input: input.value,
        inputTainted: trigger !== undefined,
        trigger,
        root: { id, ensemble: program.ensemble, started_at: startedAt, attempt: 1 },
        limits,
        compensations: new CompensationLog(),
        stateBackend: createStateBackends(ports),
        signal,
        opened: (scope) => {
          limits.open(scope);
          lifetime.limit();
        },
      },
      run,
    );
    end = { status: 'succeeded', ...endOf(done) };
  } catch (error) {
    end = endingOf(error);
  } finally {
    const closing = lifetime.close();
    if (closing !== undefined) await closing;
  }
  if (replay !== undefined) await replay.turn('run.finished');
  const { usage, steps } = limits;
  const finished: RunFinished = {
    type: 'run.finished',
    ...end,
    duration_ms: elapsedMs(ports.clock, startedAt),
    steps,
    ...(usage === undefined ? {} : { usage }),
  };
  log.add(finished);
  inbox?.close();
  await log.flush();
  return redactor.event(finished);
}

function portsOf({ ports, inbox }: RunOptions, replay: RecordedRun | undefined): Ports {
  return {
    ...(inbox === undefined ? {} : { answers: inbox.answers, signals: inbox.signals }),
    ...ports,
    ...(replay === undefined ? {} : { clock: createReplayClock(ports.clock, replay) }),
  };
}

interface Life {
  /** From 1. */
  readonly life: number;
  /** The ends of agents that the program has not any more. */
  readonly gone: readonly EventBody[];
}

function openLog(options: RunOptions, redactor: Redactor, record: RecordedRun | undefined, { life, gone }: Life): EventLog {
  const { run, journal, ports, program, programHash, isReplaced, recorded = [] } = options;
  const last = recorded.at(-1);
  const common = { run, journal, clock: ports.clock, redactor };
  if (last === undefined) return new EventLog(common);
  const replaced = isReplaced ? { program: programHash, agents: pathsOf(program) } : {};
  return new EventLog({ ...common, record, nextSeq: last.seq + 1, first: [{ type: 'run.resumed', attempt: life, ...replaced }, ...gone] });
}

/** What another program writes is not what the first one wrote, even at the same place. */
function commitsAs({ run, programHash, recorded }: RunOptions): string {
  const first = recorded?.[0];
  return first?.type !== 'run.started' || first.program === programHash ? run : `${run}#${programHash}`;
}

/** Which life of the run begins, from 1. A fork that begins is in its first. */
function countLives(recorded: readonly RunEvent[]): number {
  const last = recorded.findLast((event) => event.type === 'run.started' || event.type === 'run.resumed');
  const life = last?.type === 'run.started' || last?.type === 'run.resumed' ? last.attempt : 1;
  return recorded.at(-1)?.type === 'run.forked' ? life : life + 1;
}

function pathsOf({ body }: Program): readonly string[] {
  return body.steps.map(({ path }) => path);
}

type Ending = Pick<RunFinished, 'status' | 'output' | 'response' | 'failure' | 'agent'>;

function endOf({ output, response }: BodyEnd): Pick<Ending, 'output' | 'response'> {
  return { ...(output === undefined ? {} : { output }), ...(response === undefined ? {} : { response }) };
}

function endingOf(error: unknown): Ending {
  if (error instanceof RunStop) return { status: error.status, failure: error.failure };
  if (error instanceof AgentFailed) return { status: 'failed', failure: error.failure, agent: error.agent };
  if (error instanceof FailureError) return { status: 'failed', failure: error.failure };
  return { status: 'failed', failure: defectOf(error) };
}

/** The only place where something that nobody foresaw is caught: the journal must end all the same. */
function defectOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? null) : null;
  return { code: 'DEFECT', message: `This is a bug in Ensemble: ${message}`, retryable: false, details: { stack } };
}

function checkedInput({ program, input }: RunOptions): { readonly value: JsonValue; readonly error?: FailureError } {
  try {
    return { value: checkBodyInput(program.body, input, 'The input') };
  } catch (error) {
    // One that is too large or too deep to keep can be part of no event either.
    if (error instanceof FailureError) return { value: findExcess(input) === undefined ? input : null, error };
    throw error;
  }
}

/** A text as the reason of the run's signal is what `run.finished` says. */
function cancelled(reason: unknown): RunStop {
  const why = typeof reason === 'string' && reason !== '' ? `: ${reason}` : '.';
  return new RunStop('cancelled', failure('CANCELLED', `The run was cancelled${why}`).failure);
}
