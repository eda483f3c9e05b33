import type { JsonValue } from '../../../../src/program/json.ts';
import type { Program } from '../../../../src/program/program.ts';
import type { RunEvent } from '../../../../src/program/run-event.ts';
import type { RunFinished } from '../../../../src/runtime/engine/run-program.ts';
import { failure } from '../../../../src/runtime/failure.ts';
import { MemoryJournal } from '../../../../src/runtime/journal/memory-journal.ts';
import type { OperationResult } from '../../../../src/runtime/operations/operation.ts';
import { FakeClock, settle, turns } from './fake-clock.ts';
import { MemoryStates } from './memory-states.ts';
import { startRun, type TestRunOptions } from './test-run.ts';

/** What comes from outside next: a call that ends, by its idempotency key, the time that goes on, a while or up to a point, or the run's cancelling. */
export type Outcome = { readonly call: string } | { readonly until: number } | 'time' | 'cancel';

export interface Drive {
  /** How often a call of this key fails before it succeeds. */
  readonly fails: (key: string) => number;
  /** What happens next; undefined ends the test: nothing of what is open may come next. */
  readonly next: (open: readonly string[], isSleeping: boolean) => Outcome | undefined;
  /** After how many turns of promises the next thing comes from outside, in the midst of what followed from the one before; undefined: when all of that has happened. */
  readonly haste?: () => number | undefined;
  readonly options?: TestRunOptions;
  /** What it keeps in Durable Objects. */
  readonly states?: MemoryStates;
  /** Of a resumed run. */
  readonly recorded?: readonly RunEvent[];
  /** What the clock shows at first, epoch ms. */
  readonly startsAt?: number;
}

/** How far the time goes on at once. */
const TICK_MS = 10;

export interface Happened {
  readonly outcome: Outcome;
  /** How many events the journal had before, and what the clock showed. */
  readonly after: number;
  readonly now: number;
}

export interface Driven {
  readonly finished: RunFinished;
  /** What was recorded and what came then. */
  readonly events: readonly RunEvent[];
  /** The keys of all calls that were begun, in order. */
  readonly calls: readonly string[];
  /** What came from outside. */
  readonly outcomes: readonly Happened[];
}

/** What is pending is written before anything else comes from outside. */
class PromptJournal extends MemoryJournal {
  soon(write: () => void): void {
    setImmediate(write);
  }
}

interface OpenCall {
  readonly signal: AbortSignal;
  end(): void;
}

/** Runs a program whose http calls end when `next` says so, each when all that followed from the one before has happened. */
export async function drive(
  program: Program,
  { fails, next, haste = () => undefined, options = {}, states = new MemoryStates(), recorded = [], startsAt = 1_000 }: Drive,
): Promise<Driven> {
  const open = new Map<string, OpenCall>();
  const calls: string[] = [];
  const outcomes: Happened[] = [];
  const failed = countFailures(recorded);
  const journal = new PromptJournal();
  states.moment = () => recorded.length + journal.events.length;
  const clock = new FakeClock(startsAt);
  const run = startRun(program, {
    input: { yes: true },
    clock,
    journal,
    ports: { stateObject: states.open },
    ...options,
    ...(recorded.length === 0 ? {} : { recorded }),
    http: (_config, { signal, idempotencyKey: key, agent }) => {
      calls.push(key);
      return new Promise<OperationResult>((resolve, reject) => {
        const end = (): void => {
          const before = failed.get(agent) ?? 0;
          failed.set(agent, before + 1);
          if (before < fails(key)) reject(failure('NETWORK', `no ${key}`, { retryable: true }));
          else resolve({ output: key });
        };
        open.set(key, { signal, end });
      });
    },
  });
  let isOver = false;
  const done = run.done.finally(() => {
    isOver = true;
  });
  done.catch(() => undefined);
  if (recorded.length > 0) await untilLive(journal);
  for (;;) {
    const hurry = haste();
    await (hurry === undefined ? settle() : turns(hurry));
    if (isOver) break;
    for (const [key, { signal }] of open) if (signal.aborted) open.delete(key);
    // In such haste there may be nothing yet.
    if (hurry !== undefined && open.size === 0 && clock.sleeping === 0) continue;
    const outcome = next([...open.keys()], clock.sleeping > 0);
    if (outcome === undefined) {
      throw new Error(`nothing can come next; under way: ${[...open.keys()].join(', ')}, sleeping ${clock.sleeping}`);
    }
    const now = clock.now();
    const until = outcome === 'time' ? now + TICK_MS : typeof outcome === 'object' && 'until' in outcome ? outcome.until : undefined;
    outcomes.push({ outcome: until === undefined ? outcome : { until }, after: states.moment(), now });
    if (until !== undefined) await pass(clock, Math.max(0, until - now), hurry);
    else if (outcome === 'cancel') run.cancel();
    else if (typeof outcome === 'object' && 'call' in outcome) {
      open.get(outcome.call)?.end();
      open.delete(outcome.call);
    }
  }
  return { finished: await done, events: [...recorded, ...journal.events], calls, outcomes };
}

function pass(clock: FakeClock, ms: number, hurry: number | undefined): Promise<void> | undefined {
  if (hurry === undefined) return clock.advance(ms);
  clock.jump(ms);
  return undefined;
}

/** A resumed run says first of all that it is resumed, at the latest when its record is used up; nothing comes from outside before. */
async function untilLive({ groups }: MemoryJournal): Promise<void> {
  for (let turn = 0; groups.length === 0; turn += 1) {
    if (turn > 2_000) throw new Error('the resumed run is stuck in its record');
    await turnOfTimers();
  }
  for (let turn = 0; turn < 4; turn += 1) await turnOfTimers();
}

function turnOfTimers(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function countFailures(events: readonly RunEvent[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const event of events) {
    if (event.type === 'agent.started') counts.set(event.agent, 0);
    if (event.type === 'attempt.failed') counts.set(event.agent, (counts.get(event.agent) ?? 0) + 1);
  }
  return counts;
}

const TIMES: ReadonlySet<string> = new Set(['at', 'seq', 'duration_ms', 'written_at']);

/** The event but for when it happened. */
export function withoutTimes(event: RunEvent): JsonValue {
  return Object.fromEntries(Object.entries(event).filter(([key]) => !TIMES.has(key))) as JsonValue;
}
