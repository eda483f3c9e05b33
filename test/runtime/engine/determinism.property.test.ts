import { describe, expect, test } from 'vitest';
import type { Program } from '../../../src/program/program.ts';
import type { RunEvent } from '../../../src/program/run-event.ts';
import { failure } from '../../../src/runtime/failure.ts';
import type { Journal } from '../../../src/runtime/journal/journal.ts';
import type { OperationResult } from '../../../src/runtime/operations/operation.ts';
import { fc } from '../../support/fast-check.ts';
import { DRAWN_FILES, drawnFlows, writeFlow } from './support/drawn-flow.ts';
import { FakeClock, settle } from './support/fake-clock.ts';
import { programOf } from './support/program-of.ts';
import { startRun } from './support/test-run.ts';

/** What comes from outside next: a call that ends, or the time that goes on. */
type Outcome = { readonly call: string; readonly fails: boolean } | 'time';

interface OpenCall {
  readonly call: string;
  readonly signal: AbortSignal;
  end(fails: boolean): void;
}

/** A journal that takes its time now and then, as `choose` says. */
class SlowJournal implements Journal {
  readonly events: RunEvent[] = [];
  readonly #choose: () => number;
  #writing = 0;

  constructor(choose: () => number) {
    this.#choose = choose;
  }

  get isIdle(): boolean {
    return this.#writing === 0;
  }

  append(group: readonly RunEvent[]): void | Promise<void> {
    this.events.push(...group);
    const turns = this.#choose() % 4;
    if (turns === 0) return undefined;
    this.#writing += 1;
    return this.#write(turns);
  }

  async #write(turns: number): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    this.#writing -= 1;
  }
}

interface Outside {
  readonly startsAt: number;
  readonly journal: SlowJournal;
  /** Undefined ends the test: nothing of what is open is what should come next. */
  next(open: readonly string[], isSleeping: boolean): Outcome | undefined;
}

/** Runs a program; each outcome comes when all that followed from the one before has happened. */
async function runWith(program: Program, { startsAt, journal, next }: Outside): Promise<readonly unknown[]> {
  const open = new Map<string, OpenCall>();
  const clock = new FakeClock(startsAt);
  const counts = new Map<string, number>();
  const run = startRun(program, {
    clock,
    journal,
    input: { yes: true },
    http: (_config, { signal, idempotencyKey }) => {
      const count = (counts.get(idempotencyKey) ?? 0) + 1;
      counts.set(idempotencyKey, count);
      const call = `${idempotencyKey} ${count}`;
      return new Promise<OperationResult>((resolve, reject) => {
        const end = (fails: boolean): void =>
          fails ? reject(failure('NETWORK', `no ${call}`, { retryable: true })) : resolve({ output: call });
        open.set(call, { call, signal, end });
      });
    },
  });
  let isOver = false;
  const done = run.done.finally(() => {
    isOver = true;
  });
  for (;;) {
    do await settle();
    while (!journal.isIdle);
    if (isOver) break;
    for (const { call, signal } of open.values()) if (signal.aborted) open.delete(call);
    const outcome = next([...open.keys()], clock.sleeping > 0);
    if (outcome === undefined) throw new Error(`nothing can come next; under way: ${[...open.keys()].join(', ')}`);
    if (outcome === 'time') await clock.advance(10);
    else {
      open.get(outcome.call)?.end(outcome.fails);
      open.delete(outcome.call);
    }
  }
  await done;
  return journal.events.map(withoutTimes);
}

const TIMES: ReadonlySet<string> = new Set(['at', 'duration_ms', 'written_at']);

function withoutTimes(event: RunEvent): unknown {
  return Object.fromEntries(Object.entries(event).filter(([key]) => !TIMES.has(key)));
}

describe('two runs of one program with the same outcomes in the same order', () => {
  test('have the same journal but for the times, however slow the journal is', async () => {
    await fc.assert(
      fc.asyncProperty(drawnFlows, fc.integer({ min: 1, max: 3 }), fc.infiniteStream(fc.nat()), async (flow, concurrency, draws) => {
        const draw = (): number => draws.next().value ?? 0;
        const program = programOf(writeFlow(flow, concurrency), DRAWN_FILES.agents, DRAWN_FILES.ensembles);
        const outcomes: Outcome[] = [];
        const first = await runWith(program, {
          startsAt: 1_000,
          journal: new SlowJournal(() => 0),
          next: (open, isSleeping) => {
            const chosen = open[draw() % (open.length + (isSleeping ? 1 : 0))];
            const outcome: Outcome | undefined =
              chosen === undefined ? (isSleeping ? 'time' : undefined) : { call: chosen, fails: draw() % 4 === 0 };
            if (outcome !== undefined) outcomes.push(outcome);
            return outcome;
          },
        });
        const rest = [...outcomes];
        const second = await runWith(program, {
          startsAt: 77_000,
          journal: new SlowJournal(draw),
          next: (open, isSleeping) => {
            const outcome = rest.shift();
            const isOpen = outcome === 'time' ? isSleeping : outcome !== undefined && open.includes(outcome.call);
            return isOpen ? outcome : undefined;
          },
        });
        expect(second).toEqual(first);
      }),
      { numRuns: 150 },
    );
  });
});
