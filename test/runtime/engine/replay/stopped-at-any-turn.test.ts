import { describe, expect, test } from 'vitest';
import { replayProgram } from '../../../../src/runtime/engine/replay/replay-program.ts';
import { MemoryJournal } from '../../../../src/runtime/journal/memory-journal.ts';
import { settle, turns } from '../support/fake-clock.ts';
import { HandHttp } from '../support/hand-http.ts';
import { programOf } from '../support/program-of.ts';
import { startRun, type TestRun } from '../support/test-run.ts';

interface Live {
  readonly run: TestRun;
  readonly http: HandHttp;
}

interface Story {
  readonly name: string;
  readonly agents: string;
  readonly before?: (live: Live) => Promise<void>;
  /** Ends something. */
  readonly ends: (live: Live) => unknown;
  /** Stops something, some turns of promises later. */
  readonly stops: (live: Live) => unknown;
}

/** More than lie between the end of an agent and that of the file around it. */
const MOST_TURNS = 50;

const http = (name: string, more = ''): string => `{ name: ${name}, operation: http, config: { url: "http://x/${name}" }${more} }`;
const FILES = {
  one: `agent: one\noperations: [{ type: parallel, steps: [${http('a')}, ${http('b')}] }]\n`,
  two: `agent: two\noperations: [{ type: parallel, steps: [${http('c')}, ${http('d')}] }]\n`,
  three: `agent: three\noperations: [${http('e')}, ${http('f')}, ${http('g')}]\n`,
};
const ENSEMBLES = {
  beside: `ensemble: beside\nconcurrency: 2\nagents: [${http('h', ', compensate: { operation: http, config: { url: "http://x/undo" } }')}, ${http('i')}]\n`,
};

const STORIES: readonly Story[] = [
  {
    name: 'the time of a file whose agent failed is over',
    agents: '[{ name: file, agent: one, input: {}, timeout: 20 }]',
    ends: ({ http: calls }) => calls.fail('a'),
    stops: ({ run }) => run.clock.jump(20),
  },
  {
    name: 'the time of all tries of a file whose agent failed is over',
    agents:
      '[{ name: file, agent: one, input: {}, timeout: { total: 20 }, retry: { maxAttempts: 2, backoff: fixed, initialDelay: 5, jitter: false } }]',
    ends: ({ http: calls }) => calls.fail('a'),
    stops: ({ run }) => run.clock.jump(20),
  },
  {
    name: 'the time of an ensemble whose agents ran side by side is over',
    agents: '[{ name: inner, ensemble: beside, input: {}, timeout: 20 }]',
    before: ({ http: calls }) => calls.answer('h'),
    ends: ({ http: calls }) => calls.fail('i'),
    stops: ({ run }) => run.clock.jump(20),
  },
  {
    name: 'the time of a file is over whose sibling failed',
    agents: '[{ type: parallel, steps: [{ name: left, agent: one, input: {}, timeout: 20 }, { name: right, agent: two, input: {} }] }]',
    ends: ({ http: calls }) => calls.fail('c'),
    stops: ({ run }) => run.clock.jump(20),
  },
  {
    name: 'a step beside a file whose agent failed is one too many',
    agents:
      '[{ type: parallel, steps: [{ name: left, agent: one, input: {} }, { name: right, agent: three, input: {} }] }]\nlimits: { max_steps: 6 }',
    before: ({ http: calls }) => calls.answer('e'),
    ends: ({ http: calls }) => calls.fail('a'),
    stops: ({ http: calls }) => calls.answer('f'),
  },
  {
    name: 'the run is cancelled while a file fails',
    agents: `[{ type: try, steps: [{ name: file, agent: one, input: {}, timeout: 20 }], catch: [${http('caught')}], finally: [${http('last')}] }]`,
    ends: ({ http: calls }) => calls.fail('a'),
    stops: ({ run }) => run.cancel(),
  },
  {
    name: 'the run is cancelled while the first of two files ends',
    agents: '[{ type: parallel, waitFor: first, steps: [{ name: left, agent: one, input: {} }, { name: right, agent: two, input: {} }] }]',
    before: ({ http: calls }) => calls.answer('a'),
    ends: ({ http: calls }) => calls.answer('b'),
    stops: ({ run }) => run.cancel(),
  },
];

/** What ends by itself, or is ended, is over in some turns of promises; a stop may fall between any two of them. */
describe('what is stopped in the midst of its end', () => {
  test.each(STORIES)('is found again in the record: $name', async ({ agents, before, ends, stops }) => {
    const program = programOf(`ensemble: e\nagents: ${agents}\n`, FILES, ENSEMBLES);
    for (let count = 0; count < MOST_TURNS; count += 1) {
      const journal = new MemoryJournal();
      const calls = new HandHttp();
      const run = startRun(program, { journal, http: calls.act });
      await settle();
      const live = { run, http: calls };
      await before?.(live);
      void ends(live);
      await turns(count);
      void stops(live);
      let isOver = false;
      void run.done.then(() => {
        isOver = true;
      });
      for (await settle(); !isOver; await settle()) {
        const [open] = calls.open;
        if (open === undefined) await run.clock.advance(10);
        else await calls.answer(open);
      }
      const { events } = journal;
      const label = `${count} turns`;
      expect(await replayProgram({ program, programHash: 'hash', events, env: {}, secrets: [] }), label).toEqual({
        type: 'same',
        events: events.length,
      });
    }
  });
});
