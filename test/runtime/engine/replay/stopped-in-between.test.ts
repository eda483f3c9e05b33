import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../../src/program/run-event.ts';
import type { Journal } from '../../../../src/runtime/journal/journal.ts';
import type { StateObjectPort } from '../../../../src/runtime/state/state-object-port.ts';
import { drive } from '../support/driven-run.ts';
import { endedTwice } from '../support/ended-twice.ts';
import { settle } from '../support/fake-clock.ts';
import { HandHttp } from '../support/hand-http.ts';
import { MemoryStates } from '../support/memory-states.ts';
import { programOf } from '../support/program-of.ts';
import { startRun, type TestRun } from '../support/test-run.ts';

/** What is to happen waits until the test lets it. */
class Gate {
  #waiting: (() => void)[] | undefined;

  close(): void {
    this.#waiting = [];
  }

  async open(): Promise<void> {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const resolve of waiting) resolve();
    await settle();
  }

  /** A promise only when it is closed. */
  pass(): Promise<void> | undefined {
    const waiting = this.#waiting;
    return waiting === undefined ? undefined : new Promise((resolve) => waiting.push(resolve));
  }
}

/** Is given each event as soon as it is added. */
class GatedJournal extends Gate implements Journal {
  readonly events: RunEvent[] = [];

  soon(write: () => void): void {
    queueMicrotask(write);
  }

  append(group: readonly RunEvent[]): void | Promise<void> {
    const passed = this.pass();
    if (passed === undefined) this.events.push(...group);
    else return passed.then(() => void this.events.push(...group));
  }
}

class GatedStates extends Gate {
  readonly all = new MemoryStates();

  readonly port = (scope: string): StateObjectPort => {
    const port = this.all.open(scope);
    return {
      ...port,
      commit: async (write) => {
        await this.pass();
        return port.commit(write);
      },
    };
  };
}

interface Live {
  readonly run: TestRun;
  readonly http: HandHttp;
  readonly journal: GatedJournal;
  readonly states: GatedStates;
}

interface Story {
  readonly name: string;
  readonly agents: string;
  readonly files?: Readonly<Record<string, string>>;
  /** From its start to its end. */
  readonly happens: (live: Live) => Promise<void>;
}

const http = (name: string, more = ''): string => `{ name: ${name}, operation: http, config: { url: "http://x/${name}" }${more} }`;
const undone = (name: string): string => `, compensate: { operation: http, config: { url: "http://x/undo-${name}" } }`;
const instant = (name: string): string => `{ name: ${name}, operation: transform, config: { value: ${name} } }`;

const STORIES: readonly Story[] = [
  {
    name: 'a list of steps whose last one had ended, by the branch beside it that decided',
    agents: `
  - { type: parallel, waitFor: any, steps: [{ type: parallel, steps: [${instant('a')}] }, ${instant('b')}] }
  - ${http('last')}
`,
    happens: ({ http: calls }) => calls.answer('last'),
  },
  {
    name: 'a round whose last agent had ended, by the branch beside it that decided',
    agents: `
  - { type: parallel, waitFor: any, steps: [{ type: while, condition: "\${index < 3}", steps: [${instant('a')}] }, ${instant('b')}] }
  - ${http('last')}
`,
    happens: ({ http: calls }) => calls.answer('last'),
  },
  {
    name: 'a reduction that had ended, by a limit that a step beside it reached',
    agents: `
  - { type: map-reduce, items: [], map: [${instant('a')}], reduce: [${instant('sum')}] }
  - { type: try, steps: [{ type: parallel, steps: [{ type: parallel, steps: [${http('b')}] }, { type: branch, condition: "\${true}", then: [{ name: file, agent: both, input: {} }] }] }], finally: [${http('last')}] }
concurrency: 2
limits: { max_steps: 3 }
`,
    happens: ({ http: calls }) => calls.answer('last'),
  },
  {
    name: 'an ensemble that was being written when the run was cancelled',
    agents: `
  - { name: inner, ensemble: kept, input: {} }
  - ${http('after')}
`,
    happens: async ({ http: calls, states, run }) => {
      states.close();
      await calls.answer('one');
      run.cancel();
      await settle();
      await states.open();
      await calls.answer('undo-one');
    },
  },
  {
    name: 'an ensemble whose last agent was being written when the run was cancelled',
    agents: `
  - { name: inner, ensemble: kept, input: {} }
  - ${http('after')}
`,
    happens: async ({ http: calls, journal, run }) => {
      journal.close();
      await calls.answer('one');
      run.cancel();
      await settle();
      await journal.open();
      await calls.answer('undo-one');
    },
  },
  {
    name: 'an ensemble that was being written when its time was over, and is tried again',
    agents: `
  - { name: inner, ensemble: kept, input: {}, timeout: 20, retry: { maxAttempts: 2, backoff: fixed, initialDelay: 10, jitter: false } }
  - ${http('after')}
`,
    happens: async ({ http: calls, states, run }) => {
      states.close();
      await calls.answer('one');
      await run.clock.advance(20);
      await states.open();
      await run.clock.advance(10);
      if (calls.open.includes('undo-one')) await calls.answer('undo-one');
      await run.clock.advance(10);
      if (calls.open.includes('one')) await calls.answer('one');
      if (calls.open.includes('after')) await calls.answer('after');
    },
  },
];

const FILES = {
  kept: `
ensemble: kept
state: { backend: durable-object, schema: { n: { type: number, reducer: add } } }
agents:
  - ${http('one', `, state: { set: { n: 1 } }${undone('one')}`)}
`,
};
const AGENT_FILES = {
  both: `
agent: both
operations:
  - { type: parallel, steps: [${http('left')}, ${http('right')}] }
`,
};

/** The record says that something was stopped between its last event and its end; the walk that resumes the run comes past that place before it is stopped. */
describe('what was stopped at its very end', () => {
  test.each(STORIES)('is stopped again: $name', async ({ agents, happens }) => {
    const program = programOf(`ensemble: e\nagents:${agents}`, AGENT_FILES, FILES);
    const journal = new GatedJournal();
    const calls = new HandHttp();
    const states = new GatedStates();
    states.all.moment = () => journal.events.length;
    const run = startRun(program, { journal, http: calls.act, ports: { stateObject: states.port } });
    await settle();
    await happens({ run, journal, http: calls, states });
    const whole = await run.done;
    const { events } = journal;
    for (let cut = 1; cut < events.length; cut += 1) {
      if (events[cut - 1]?.type === 'state.set') continue;
      const label = `cut at ${cut} of ${events.length}, ${events[cut - 1]?.type}`;
      const recorded = events.slice(0, cut);
      const resumed = await drive(program, {
        fails: () => 0,
        states: states.all.asOf(cut),
        recorded,
        startsAt: recorded.at(-1)?.at ?? 0,
        next: ([first], isSleeping) => (first === undefined ? (isSleeping ? 'time' : undefined) : { call: first }),
      });
      expect(endedTwice(resumed.events), label).toEqual([]);
      const ended = new Set(recorded.flatMap((event) => (event.type === 'agent.finished' ? [`run-1/${event.agent}`] : [])));
      const again = resumed.calls.filter((key) => ended.has(key));
      expect(again, label).toEqual([]);
      const wasStopped = recorded.some(({ type }) => type === 'run.stopping');
      if (wasStopped || !events.some(({ type }) => type === 'run.stopping')) expect(resumed.finished.status, label).toBe(whole.status);
    }
  });

  test('ends well all the same where only what cleans up was left, also when that is the last that is recorded', async () => {
    const steps = `[{ name: tried, type: try, steps: [${http('a')}], finally: [${http('last')}] }]`;
    const program = programOf(`ensemble: e\nagents: [{ type: parallel, steps: ${steps} }]\n`);
    const calls = new HandHttp();
    const run = startRun(program, { http: calls.act });
    await settle();
    await calls.answer('a');
    run.cancel();
    await calls.answer('last');
    await run.done;
    const { events } = run;
    const end = events.findIndex(({ type }) => type === 'step.finished');
    expect(events[end]).toMatchObject({ step: 'tried' });
    const recorded = events.slice(0, end);
    const resumed = await drive(program, { fails: () => 0, recorded, startsAt: recorded.at(-1)?.at ?? 0, next: () => undefined });
    expect(resumed.events.slice(end).map(({ type }) => type)).toEqual(['run.resumed', ...events.slice(end).map(({ type }) => type)]);
  });
});
