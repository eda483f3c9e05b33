import { describe, expect, test } from 'vitest';
import type { Program } from '../../../../src/program/program.ts';
import type { RunEvent } from '../../../../src/program/run-event.ts';
import { replayProgram } from '../../../../src/runtime/engine/replay/replay-program.ts';
import { fc } from '../../../support/fast-check.ts';
import { DRAWN_FILES, type DrawnStep, drawnFlows, writeFlow } from '../support/drawn-flow.ts';
import { type Driven, drive, type Outcome, withoutTimes } from '../support/driven-run.ts';
import { endedTwice } from '../support/ended-twice.ts';
import { MemoryStates } from '../support/memory-states.ts';
import { programOf } from '../support/program-of.ts';

/** More, and others, by hand: `FUZZ_SEED=random RESUME_RUNS=500`. */
const RUNS = Number(process.env.RESUME_RUNS ?? 12);
const CUTS = 12;

/** Every flow construct, agent files, ensembles, retries, handlers, compensation, state and cancelling, cut at any event and resumed. */
describe('a run that goes on from any point of its journal', () => {
  test('ends as one that nothing cut short, and calls nothing again that had ended', async () => {
    await fc.assert(
      fc.asyncProperty(story(true), async (drawn) => {
        const { program, fails, draw } = tell(drawn);
        const whole = await runWhole(drawn, program, fails, draw);
        for (const cut of cutsOf(whole.events, draw)) {
          const label = `cut at ${cut} of ${whole.events.length}`;
          const resumed = await resumeAt(cut, whole, program, fails, label);
          expect(outcomeOf(resumed.finished), label).toEqual(outcomeOf(whole.finished));
          expect(endsOf(resumed.events), label).toEqual(endsOf(whole.events));
          expect(sorted(resumed.states.values('e')), label).toEqual(sorted(whole.states.values('e')));
          // No commit was applied twice.
          expect(resumed.states.version('e'), label).toBe(whole.states.version('e'));
          // Nor was the record taken for another program's: all of it, both lives, follows from this one.
          const { events } = resumed;
          const compared = await replayProgram({ program, programHash: 'hash', events, env: {}, secrets: [] });
          expect(compared, label).toEqual({ type: 'same', events: events.length });
          const again = cutsOf(events, draw).find((later) => later > cut);
          if (again === undefined) continue;
          const twice = await resumeAt(again, resumed, program, fails, `${label}, again at ${again} of ${events.length}`);
          expect(outcomeOf(twice.finished), label).toEqual(outcomeOf(whole.finished));
          expect(endsOf(twice.events), label).toEqual(endsOf(whole.events));
          expect(twice.states.version('e'), label).toBe(whole.states.version('e'));
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('never gets stuck, even where it is a matter of time who is first', async () => {
    await fc.assert(
      fc.asyncProperty(story(false), async (drawn) => {
        const { program, fails, draw } = tell(drawn);
        const whole = await runWhole(drawn, program, fails, draw);
        for (const cut of cutsOf(whole.events, draw)) {
          const label = `cut at ${cut} of ${whole.events.length}`;
          const resumed = await resumeAt(cut, whole, program, fails, label);
          const again = cutsOf(resumed.events, draw).find((later) => later > cut);
          if (again !== undefined)
            await resumeAt(again, resumed, program, fails, `${label}, again at ${again} of ${resumed.events.length}`);
        }
      }),
      { numRuns: RUNS },
    );
  });
});

interface Story {
  readonly flow: readonly DrawnStep[];
  readonly concurrency: number;
  readonly draws: readonly number[];
  /** After so many outcomes the run is cancelled. */
  readonly cancelAfter: number | null;
  readonly outside: boolean;
  /** Some of what comes from outside comes before all has happened that followed from what came before. */
  readonly hasty: boolean;
  readonly maxSteps: number | undefined;
  readonly timeoutMs: number | undefined;
  readonly persist: 'memory' | 'each' | 'always' | 'on_success';
}

const story = (outside: boolean): fc.Arbitrary<Story> =>
  fc.record({
    flow: drawnFlows,
    concurrency: fc.integer({ min: 1, max: 3 }),
    draws: fc.array(fc.nat(10_000), { minLength: 1, maxLength: 40 }),
    cancelAfter: fc.option(fc.nat(12), { freq: 3 }),
    outside: fc.constant(outside),
    hasty: outside ? fc.constant(false) : fc.boolean(),
    // Which of several that begin at once is one too many is a matter of time.
    maxSteps: outside ? fc.constant(undefined) : fc.option(fc.integer({ min: 1, max: 12 }), { freq: 4, nil: undefined }),
    timeoutMs: fc.option(fc.constantFrom(20, 50), { freq: 2, nil: undefined }),
    persist: fc.constantFrom('memory', 'each', 'always', 'on_success'),
  });

type Fails = (key: string) => number;

function tell({ flow, concurrency, draws, outside, persist, maxSteps, timeoutMs }: Story): {
  readonly program: Program;
  readonly fails: Fails;
  readonly draw: () => number;
} {
  const state = persist === 'memory' ? '' : `backend: durable-object, persist: ${persist},`;
  const program = programOf(
    writeFlow(flow, concurrency, { outside, state, maxSteps, timeoutMs }),
    DRAWN_FILES.agents,
    DRAWN_FILES.ensembles,
  );
  let turn = 0;
  const draw = (): number => draws[turn++ % draws.length] ?? 0;
  const seed = draws[0] ?? 0;
  return { program, draw, fails: (key) => [0, 0, 0, 0, 1, 9][hash(`${seed} ${key}`) % 6] ?? 0 };
}

interface Told extends Driven {
  readonly states: MemoryStates;
}

async function runWhole({ cancelAfter, hasty }: Story, program: Program, fails: Fails, draw: () => number): Promise<Told> {
  let turn = 0;
  const states = new MemoryStates();
  const driven = await drive(program, {
    fails,
    states,
    haste: () => (hasty && draw() % 2 === 0 ? draw() % 40 : undefined),
    next: (open, isSleeping) => {
      if (turn++ === cancelAfter) return 'cancel';
      const chosen = open[draw() % (open.length + (isSleeping ? 1 : 0))];
      return chosen === undefined ? (isSleeping ? 'time' : undefined) : { call: chosen };
    },
  });
  return { ...driven, states };
}

async function resumeAt(
  cut: number,
  { events, outcomes, states: all }: Told,
  program: Program,
  fails: Fails,
  label: string,
): Promise<Told> {
  const states = all.asOf(cut);
  const recorded = events.slice(0, cut);
  // All that the record knows every consequence of is over.
  const left = outcomes.filter((_, index) => (outcomes[index + 1]?.after ?? events.length) > cut);
  const rest = left.map(({ outcome }) => outcome);
  const startsAt = Math.max(recorded.at(-1)?.at ?? 0, left[0]?.now ?? 0);
  const resumed = await drive(program, {
    fails,
    states,
    recorded,
    startsAt,
    next: (open, isSleeping) => nextOf(rest, open, isSleeping, recorded),
  });
  expect(resumed.finished.failure?.code, label).not.toBe('DEFECT');
  expect(endedTwice(resumed.events), label).toEqual([]);
  const ended = new Set(recorded.flatMap((event) => (isEnd(event) ? [event.agent] : [])));
  const started = countOf(events, 'agent.started');
  for (const key of resumed.calls) {
    const path = key.slice('run-1/'.length);
    // An agent of a file that is tried again begins anew.
    if ((started.get(path) ?? 0) <= 1) expect(ended.has(path), `${label}: ${key}`).toBe(false);
  }
  return { ...resumed, states };
}

/** Lists are filled side by side. */
function sorted(values: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Array.isArray(value) ? value.toSorted() : value]));
}

type End = Extract<RunEvent, { readonly type: 'agent.finished' | 'agent.failed' }>;

function isEnd(event: RunEvent): event is End {
  return event.type === 'agent.finished' || event.type === 'agent.failed';
}

/** The same order as in the run that was not cut: what is open now and came first there. */
function nextOf(rest: Outcome[], open: readonly string[], isSleeping: boolean, recorded: readonly RunEvent[]): Outcome | undefined {
  const isStopped = recorded.some((event) => event.type === 'run.stopping' && event.agent === undefined);
  for (;;) {
    const outcome = rest.shift();
    if (outcome === undefined) return isSleeping ? 'time' : open[0] === undefined ? undefined : { call: open[0] };
    if (outcome === 'cancel') {
      if (!isStopped) return outcome;
    } else if (outcome === 'time' || 'until' in outcome) {
      if (isSleeping) return outcome;
    } else if (open.includes(outcome.call)) return outcome;
  }
}

/** A journal never ends between what was written as one: what an agent set, and that it succeeded. */
function cutsOf(events: readonly RunEvent[], draw: () => number): readonly number[] {
  const all = events.flatMap((event, index) =>
    index === 0 || (events[index - 1]?.type === 'state.set' && event.type === 'agent.finished') ? [] : [index],
  );
  return all.length <= CUTS ? all : Array.from({ length: CUTS }, () => all[draw() % all.length] ?? 1);
}

function outcomeOf({ duration_ms: _duration, ...rest }: object & { duration_ms?: number }): unknown {
  return rest;
}

/** What each agent and step came to, in no order. */
function endsOf(events: readonly RunEvent[]): readonly string[] {
  const types = new Set(['agent.finished', 'agent.failed', 'agent.skipped', 'step.finished', 'step.failed']);
  return events
    .filter(({ type }) => types.has(type))
    .map((event) => JSON.stringify(withoutTimes(event)))
    .sort();
}

function countOf(events: readonly RunEvent[], type: 'agent.started'): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const event of events) if (event.type === type) counts.set(event.agent, (counts.get(event.agent) ?? 0) + 1);
  return counts;
}

function hash(text: string): number {
  let value = 7;
  for (const char of text) value = (value * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003;
  return value;
}
