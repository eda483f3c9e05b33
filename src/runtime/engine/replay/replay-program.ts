import { canonicalJson } from '../../../program/hash.ts';
import type { JsonObject, JsonValue } from '../../../program/json.ts';
import type { Program } from '../../../program/program.ts';
import type { EventBody, RunEvent } from '../../../program/run-event.ts';
import type { Ports } from '../../ports.ts';
import { runProgram } from '../run-program.ts';
import type { RecordCheck } from './recorded-run.ts';

/** The first place at which the program does not lead to what is recorded. */
export interface ReplayDifference {
  readonly type: 'different';
  /** Of the recorded event; of the last one where the record has nothing. */
  readonly seq: number;
  /** Absent when nothing is recorded there. */
  readonly expected?: RunEvent | undefined;
  /** Absent when nothing comes there. */
  readonly found?: EventBody | undefined;
  /** A sentence. */
  readonly why: string;
}

export type ReplayResult =
  /** `ended`: the record ends before the run does; what there is of it is the same. */
  { readonly type: 'same' | 'ended'; readonly events: number } | ReplayDifference;

export interface ReplayOptions {
  readonly program: Program;
  readonly programHash: string;
  /** The journal of the run, whole or in part, redacted or not. */
  readonly events: readonly RunEvent[];
  /** What expressions read as `env`: variables are not part of a journal. */
  readonly env: Readonly<Record<string, string>>;
  /** Those of `env` that are redacted. */
  readonly secrets: readonly string[];
}

/**
 * Goes through a run again from its record, without any effect: conditions, items, decisions, what agents set and what steps and files give are worked out anew, and compared with what is recorded.
 * Taken as recorded are what agents gave, which branch of a race was first, where a `breakWhen` ended a loop, and what a code body set. Gives the first difference.
 */
export function replayProgram({ program, programHash, events, env, secrets }: ReplayOptions): Promise<ReplayResult> {
  const [started] = events;
  if (started?.type !== 'run.started') return Promise.resolve({ type: 'ended', events: 0 });
  const { input, trigger, run } = started;
  const { promise, resolve, reject } = Promise.withResolvers<ReplayResult>();
  const over = new AbortController();
  const end = (result: ReplayResult): void => {
    resolve(result);
    over.abort();
  };
  const done = runProgram({
    ...{ program, programHash, run, input, trigger },
    ports: portsWithout(env, secrets),
    journal: { append() {} },
    signal: new AbortController().signal,
    recorded: events,
    check: (redact) => createCheck(events, redact, end, over.signal),
  });
  done.then(
    () => end({ type: 'same', events: events.length }),
    // Once it has parted from its record the walk is broken off.
    (error: unknown) => reject(error),
  );
  return promise;
}

/** Ends the walk: nothing catches it. */
class Parted extends Error {}

function createCheck(
  events: readonly RunEvent[],
  redact: (body: EventBody) => EventBody,
  end: (result: ReplayResult) => void,
  over: AbortSignal,
): RecordCheck {
  const sets = Map.groupBy(
    events.filter((event) => event.type === 'state.set'),
    ({ agent }) => agent,
  );
  const last = events.at(-1)?.seq ?? 0;
  const part = (difference: Omit<ReplayDifference, 'type'>): never => {
    end({ type: 'different', ...difference });
    throw new Parted();
  };
  return {
    compare(recorded, body) {
      if (over.aborted) throw new Parted();
      const expected = body.type === 'state.set' ? sets.get(body.agent)?.shift() : recorded;
      if (expected === undefined && ONLY_TELL.has(body.type)) return;
      const found = redact(body);
      const seq = expected?.seq ?? last;
      if (expected === undefined) part({ seq, found, why: 'Nothing of it is recorded.' });
      else if (expected.type !== found.type) part({ seq, expected, found, why: 'Something else is recorded.' });
      else if (!isSame(expected, found)) part({ seq, expected, found, why: 'It is recorded with other values.' });
    },
    stuck(left, wanted) {
      if (left === undefined) end({ type: 'ended', events: events.length });
      else end({ type: 'different', seq: left.seq, expected: left, why: whyStuck(wanted) });
    },
  };
}

function whyStuck(wanted: readonly string[]): string {
  const names = wanted.map((line) => `"${line.slice(line.indexOf(' ') + 1)}"`).join(', ');
  return names === '' ? 'Nothing leads there any more.' : `Nothing leads there: ${names} would come first.`;
}

/** Their place does not matter, and what they tell follows from what is compared. */
const ONLY_TELL: ReadonlySet<EventBody['type']> = new Set([
  'log',
  'warning',
  'value.drawn',
  'attempt.started',
  'attempt.failed',
  'run.waiting',
]);
/** What is measured or numbers events; of the start also what another version of the file changes by itself. */
const NOT_COMPARED: ReadonlySet<string> = new Set(['seq', 'at', 'run', 'duration_ms', 'program', 'agents', 'file', 'format', 'log_count']);

function isSame(expected: RunEvent, found: EventBody): boolean {
  return canonicalJson(compared(expected)) === canonicalJson(compared(found)) || areStopsOfOne(expected, found);
}

/** Where one thing fails at the very moment at which what is around it stops it, either may be what it failed with: the walk does not take the same turns again. */
function areStopsOfOne(expected: EventBody, found: EventBody): boolean {
  if (expected.type !== 'step.failed' && expected.type !== 'agent.failed') return false;
  if (found.type !== 'step.failed' && found.type !== 'agent.failed') return false;
  return expected.failure.code === 'CANCELLED' || found.failure.code === 'CANCELLED';
}

function compared(event: EventBody): JsonValue {
  // Events are JSON.
  const entries = Object.entries(event as unknown as JsonObject).filter(([key]) => !NOT_COMPARED.has(key));
  return Object.fromEntries(entries);
}

/** Nothing of them is called: what has an effect comes from the record or does not come at all. */
function portsWithout(env: Ports['env'], secrets: Ports['secrets']): Ports {
  const refuse = (): never => {
    throw new Error('a replay has no effects');
  };
  const storage = { kv: NOTHING, d1: NOTHING, r2: NOTHING } as const;
  return {
    clock: { now: () => 0, sleep: () => new Promise(() => {}) },
    random: () => 0,
    uuid: () => '',
    fetch: refuse,
    bindings: { ...storage, names: () => [], ai: () => undefined } as unknown as Ports['bindings'],
    code: { call: refuse },
    stateObject: refuse,
    env,
    secrets,
  };
}

/** A binding that is there and does nothing. */
const NOTHING = (): object => ({});
