import type { Failure } from '../../../../src/program/failure.ts';
import type { JsonValue } from '../../../../src/program/json.ts';
import type { Program } from '../../../../src/program/program.ts';
import type { RunEvent, RunEventType } from '../../../../src/program/run-event.ts';
import { type RunFinished, runProgram } from '../../../../src/runtime/engine/run-program.ts';
import type { Journal } from '../../../../src/runtime/journal/journal.ts';
import { MemoryJournal } from '../../../../src/runtime/journal/memory-journal.ts';
import { OPERATIONS } from '../../../../src/runtime/operations/index.ts';
import type { Operation, OperationContext, OperationResult } from '../../../../src/runtime/operations/operation.ts';
import type { AnswersPort, CodeRunner, KvLike, Ports } from '../../../../src/runtime/ports.ts';
import type { RunInbox } from '../../../../src/runtime/run-inbox.ts';
import { FakeClock } from './fake-clock.ts';
import { programOf } from './program-of.ts';

type Act = (config: Readonly<Record<string, JsonValue>>, context: OperationContext) => OperationResult | Promise<OperationResult>;

export interface TestRunOptions {
  readonly input?: JsonValue;
  readonly trigger?: JsonValue;
  readonly env?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly agentFiles?: Readonly<Record<string, string>>;
  readonly ensembles?: Readonly<Record<string, string>>;
  /** Stands in for `http`: an effect whose output is tainted. */
  readonly http?: Act;
  /** Stands in for `think`. */
  readonly think?: Act;
  readonly code?: CodeRunner;
  readonly kv?: KvLike;
  readonly answers?: AnswersPort;
  readonly journal?: Journal;
  readonly clock?: FakeClock;
  readonly random?: () => number;
  /** The journal of an earlier life: the run goes on from there. */
  readonly recorded?: readonly RunEvent[];
  readonly inbox?: RunInbox;
  /** The program is another one than that of the earlier life. */
  readonly isReplaced?: boolean;
  readonly verdicts?: ReadonlyMap<string, Failure>;
  /** In place of what a test run has by itself. */
  readonly ports?: Partial<Ports>;
}

export interface TestRun {
  readonly clock: FakeClock;
  readonly done: Promise<RunFinished>;
  cancel(reason?: string): void;
  /** What the journal holds so far. */
  readonly events: readonly RunEvent[];
  readonly groups: readonly (readonly RunEvent[])[];
}

/** Starts a run whose clock stands still until it is moved. */
export function startRun(source: string | Program, options: TestRunOptions = {}): TestRun {
  const program = typeof source === 'string' ? programOf(source, options.agentFiles, options.ensembles) : source;
  const clock = options.clock ?? new FakeClock();
  const memory = new MemoryJournal();
  const controller = new AbortController();
  const { http, think, kv } = options;
  let uuids = 0;
  const ports: Ports = {
    clock,
    random: options.random ?? (() => 0.5),
    uuid: () => `uuid-${++uuids}`,
    fetch: () => Promise.reject(new Error('a unit test has no network')),
    bindings: { kv: () => kv, d1: () => undefined, r2: () => undefined, names: () => [], ai: () => undefined },
    code: options.code ?? { call: async () => ({ ok: true, value: undefined, setState: undefined, logs: [] }) },
    ...(options.answers === undefined ? {} : { answers: options.answers }),
    env: options.env ?? {},
    secrets: options.secrets ?? [],
    ...options.ports,
  };
  const operations = new Map(OPERATIONS);
  if (http !== undefined) operations.set('http', stand('http', http));
  if (think !== undefined) operations.set('think', stand('think', think));
  const done = runProgram({
    program,
    programHash: options.isReplaced === true ? 'another' : 'hash',
    run: 'run-1',
    input: options.input ?? {},
    trigger: options.trigger,
    ports,
    journal: options.journal ?? memory,
    signal: controller.signal,
    operations,
    recorded: options.recorded,
    inbox: options.inbox,
    isReplaced: options.isReplaced,
    verdicts: options.verdicts,
  });
  return {
    clock,
    done,
    cancel: (reason = 'the test says so') => controller.abort(reason),
    get events() {
      return memory.events;
    },
    get groups() {
      return memory.groups;
    },
  };
}

/** Runs to the end; the clock is never moved. */
export async function runToEnd(
  source: string | Program,
  options: TestRunOptions = {},
): Promise<TestRun & { readonly finished: RunFinished }> {
  const run = startRun(source, options);
  const finished = await run.done;
  return { ...run, finished, events: run.events, groups: run.groups };
}

function stand(name: string, act: Act): Operation {
  return { name, effect: true, taints: true, run: (config, context) => act(config as Readonly<Record<string, JsonValue>>, context) };
}

export function eventsOf<Type extends RunEventType>(
  run: { readonly events: readonly RunEvent[] },
  type: Type,
): readonly Extract<RunEvent, { readonly type: Type }>[] {
  return run.events.filter((event): event is Extract<RunEvent, { readonly type: Type }> => event.type === type);
}

/** The journal in short: `agent.finished a`. */
export function outline(run: { readonly events: readonly RunEvent[] }): readonly string[] {
  return run.events.map((event) =>
    event.type !== 'run.finished' && 'agent' in event && event.agent !== undefined ? `${event.type} ${event.agent}` : event.type,
  );
}
