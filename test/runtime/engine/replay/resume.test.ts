import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../../src/program/run-event.ts';
import { failure } from '../../../../src/runtime/failure.ts';
import type { Journal } from '../../../../src/runtime/journal/journal.ts';
import type { CodeRunner } from '../../../../src/runtime/ports.ts';
import { RunInbox } from '../../../../src/runtime/run-inbox.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { HandHttp } from '../support/hand-http.ts';
import { MemoryStates } from '../support/memory-states.ts';
import { outline, startRun, type TestRun, type TestRunOptions } from '../support/test-run.ts';

/** Lets a resumed run use up its record. */
async function untilLive(run: TestRun): Promise<void> {
  for (let turn = 0; run.events.length === 0 && turn < 1_000; turn += 1) await new Promise((resolve) => setTimeout(resolve, 0));
  await settle();
}

/** Goes on from what the journal held when the process ended, with a clock that shows `at`. */
async function resume(source: string, before: { readonly events: readonly RunEvent[] }, options: TestRunOptions = {}): Promise<TestRun> {
  const clock = options.clock ?? new FakeClock(before.events.at(-1)?.at);
  const run = startRun(source, { ...options, clock, recorded: before.events });
  await untilLive(run);
  return run;
}

/** The record up to and without the first event of that kind, or up to where that was seen. */
function until(
  run: { readonly events: readonly RunEvent[] },
  isEnd: (event: RunEvent) => boolean,
): { readonly events: readonly RunEvent[] } {
  const end = run.events.findIndex(isEnd);
  return { events: end === -1 ? run.events : run.events.slice(0, end) };
}

/** Holds no more than so many events: the process ends when more are to be written. */
class CutJournal implements Journal {
  readonly events: RunEvent[] = [];
  readonly #length: number;

  constructor(length: number) {
    this.#length = length;
  }

  append(group: readonly RunEvent[]): void | Promise<void> {
    if (this.events.length + group.length <= this.#length) this.events.push(...group);
    else return new Promise(() => {});
  }
}

const TWO = `
ensemble: e
agents:
  - { name: one, operation: http, config: { url: "http://x/one" } }
  - { name: two, operation: http, config: { url: "http://x/two", body: "\${one.output}" } }
output: "\${[one.output, two.output, one.response?.status, one.duration]}"
`;

describe('a resumed run', () => {
  test('says first that it is resumed, takes what had ended, and tries again what was at work', async () => {
    const http = new HandHttp();
    const first = startRun(TWO, { http: http.act });
    await first.clock.advance(5);
    await http.answer('one', 1);
    const again = new HandHttp();
    const run = await resume(TWO, first, { http: again.act });
    expect(outline(run)).toEqual(['run.resumed']);
    expect(run.events[0]).toMatchObject({ seq: first.events.length, attempt: 2 });
    expect(again.seen).toEqual(['two']);
    await again.answer('two', 2);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: [1, 2, null, 5], steps: 2 });
    expect(outline(run)).toEqual(['run.resumed', 'agent.finished two', 'run.finished']);
  });

  test('survives crash after crash', async () => {
    let events: readonly RunEvent[] = [];
    for (const name of ['one', 'two']) {
      for (let crash = 0; crash < 3; crash += 1) {
        const http = new HandHttp();
        const run = events.length === 0 ? startRun(TWO, { http: http.act }) : await resume(TWO, { events }, { http: http.act });
        await settle();
        expect(http.seen).toEqual([name]);
        if (crash === 2) await http.answer(name);
        events = [...events, ...run.events];
      }
    }
    expect(events.filter(({ type }) => type === 'run.resumed').map((event) => 'attempt' in event && event.attempt)).toEqual([
      2, 3, 4, 5, 6,
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', status: 'succeeded' });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
  });

  test('gives an agent that is tried again what it was given, whatever clock and chance say now', async () => {
    const source = `
ensemble: e
agents:
  - { name: a, operation: http, condition: "\${Math.random() < 2}", config: { url: "http://x/a", body: "\${[crypto.randomUUID(), Date.now(), Math.random()]}" } }
`;
    const bodies: unknown[] = [];
    const http: TestRunOptions['http'] = ({ body }) => {
      bodies.push(body);
      return new Promise(() => {});
    };
    let draws = 0;
    const random = (): number => {
      draws += 1;
      return draws / 100;
    };
    const first = startRun(source, { http, random });
    await settle();
    const second = await resume(source, first, { http, random, clock: new FakeClock(9_999) });
    const third = await resume(source, { events: [...first.events, ...second.events] }, { http, random, clock: new FakeClock(99_999) });
    expect(third.events).toHaveLength(1);
    expect(bodies).toEqual([bodies[0], bodies[0], bodies[0]]);
    expect(draws).toBe(2);
  });

  test('waits for what is left of a pause, and goes on with the number of the try', async () => {
    const source =
      'ensemble: e\nagents: [{ name: a, operation: http, config: { url: "http://x/a" }, retry: { maxAttempts: 3, backoff: fixed, initialDelay: 100, jitter: false } }]\n';
    const http = new HandHttp();
    const first = startRun(source, { http: http.act });
    await settle();
    await http.fail('a');
    const again = new HandHttp();
    const run = await resume(source, first, { http: again.act, clock: new FakeClock(1_060) });
    await run.clock.advance(39);
    expect(again.seen).toEqual([]);
    await run.clock.advance(1);
    expect(again.seen).toEqual(['a']);
    const events = [...first.events, ...run.events];
    expect(outline({ events }).slice(2)).toEqual(['attempt.failed a', 'run.resumed', 'attempt.started a']);
    const last = new HandHttp();
    const third = await resume(source, { events }, { http: last.act });
    await last.fail('a');
    expect(third.events.at(-1)).toMatchObject({ type: 'attempt.failed', attempt: 2, retry_in_ms: 100 });
    await third.clock.advance(100);
    await last.fail('a');
    expect(await third.done).toMatchObject({ status: 'failed' });
    expect(third.events.at(-2)).toMatchObject({ type: 'agent.failed', attempts: 3 });
  });

  test('counts the steps, the tokens and the time of its earlier lives', async () => {
    const source = `
ensemble: e
limits: { max_tokens: 10, max_duration: 60s }
agents:
  - { name: a, operation: think, config: { prompt: x, provider: openai, model: m }, retry: { maxAttempts: 2, initialDelay: 1, jitter: false } }
  - { name: b, operation: think, config: { prompt: x, provider: openai, model: m } }
  - { name: c, operation: http, config: { url: "http://x/c" } }
`;
    const usage = { input_tokens: 2, output_tokens: 2 };
    const http = new HandHttp();
    const first = startRun(source, { think: () => ({ output: 'x', usage }), http: http.act });
    await settle();
    expect(http.open).toEqual(['c']);
    const run = await resume(source, first, { http: new HandHttp().act, clock: new FakeClock(60_999) });
    expect(run.clock.sleeping).toBe(1);
    await run.clock.advance(1);
    expect(await run.done).toMatchObject({
      status: 'failed',
      failure: { code: 'LIMIT_DURATION' },
      steps: 3,
      duration_ms: 60_000,
      usage: { input_tokens: 4, output_tokens: 4 },
    });
  });

  test('hands later agents the logs and the state of a code body that it does not call again', async () => {
    const source = `
ensemble: e
state: { schema: { n: { type: number, reducer: add } } }
agents:
  - { name: a, operation: code, config: { code: "console.log(1); return { v: 2 }" }, state: { set: { n: "\${a.output.v}" } } }
  - { name: b, operation: http, config: { url: "http://x/b" } }
output: "\${[a.logs, state.n]}"
`;
    let calls = 0;
    const code: CodeRunner = {
      call: async () => {
        calls += 1;
        return { ok: true, value: { v: 2 }, setState: undefined, logs: [{ level: 'info', message: '1' }] };
      },
    };
    const first = startRun(source, { code, http: new HandHttp().act });
    await settle();
    const http = new HandHttp();
    const run = await resume(source, first, { code, http: http.act });
    await http.answer('b');
    expect(await run.done).toMatchObject({ output: [[{ level: 'info', message: '1' }], 2] });
    expect(calls).toBe(1);
  });

  test('goes on with the program that takes the place of its own, by the names of its agents', async () => {
    const http = new HandHttp();
    const first = startRun(TWO, { http: http.act });
    await settle();
    await http.answer('one', 1);
    const other = `
ensemble: e
agents:
  - { name: zero, operation: transform, config: { value: 0 } }
  - { name: one, operation: http, config: { url: "http://x/uno" } }
  - { name: last, operation: http, config: { url: "http://x/last" } }
output: "\${[zero.output, one.output, last.output]}"
`;
    const again = new HandHttp();
    const run = await resume(other, first, { http: again.act });
    await settle();
    expect(again.seen).toEqual(['last']);
    await again.answer('last', 3);
    expect(await run.done).toMatchObject({ status: 'succeeded', output: [0, 1, 3] });
  });

  test('keeps what agents had done that stand in another order now, and tries again what had been stopped', async () => {
    const list = (names: readonly string[]): string =>
      `ensemble: e\nagents:\n${names.map((name) => `  - { name: ${name}, operation: http, config: { url: "http://x/${name}" } }\n`).join('')}output: "\${[a.output, b.output, c.output]}"\n`;
    const http = new HandHttp();
    const first = startRun(list(['a', 'b', 'c']), { http: http.act });
    await settle();
    await http.answer('a');
    await http.answer('b');
    const again = new HandHttp();
    const run = await resume(list(['c', 'b', 'a']), first, { http: again.act });
    await again.answer('c');
    expect(await run.done).toMatchObject({ status: 'succeeded', output: ['a', 'b', 'c'] });
    expect(again.seen).toEqual(['c']);
    expect(outline(run)).toEqual(['run.resumed', 'agent.finished c', 'run.finished']);
  });

  test.each(['each', 'on_success'])(
    'joins with `persist: %s` what agents had set to what those set that the new program has before them',
    async (persist) => {
      const head = `
ensemble: e
state: { backend: durable-object, key: s, persist: ${persist}, schema: { n: { type: number, reducer: add } } }
agents:
`;
      const agent = (name: string, n: number) =>
        `  - { name: ${name}, operation: http, config: { url: "http://x/${name}" }, state: { set: { n: ${n} } } }\n`;
      const states = new MemoryStates();
      const ports = { stateObject: states.open };
      const http = new HandHttp();
      const first = startRun(`${head}${agent('a', 1)}${agent('b', 10)}${agent('c', 0)}output: "\${state.n}"\n`, { http: http.act, ports });
      await settle();
      await http.answer('a');
      await http.answer('b');
      await settle();
      const again = new HandHttp();
      const other = `${head}${agent('a', 1)}${agent('more', 1_000)}${agent('b', 10)}output: "\${state.n}"\n`;
      const run = await resume(other, first, { http: again.act, ports, isReplaced: true });
      await again.answer('more');
      expect(await run.done).toMatchObject({ status: 'succeeded', output: 1_011 });
      expect(again.seen).toEqual(['more']);
      expect(states.values('s')).toEqual({ n: 1_011 });
    },
  );
});

describe('a stop', () => {
  const source = `
ensemble: e
agents:
  - { name: booked, operation: http, config: { url: "http://x/book" }, compensate: { operation: http, config: { url: "http://x/unbook" } } }
  - { name: slow, operation: http, config: { url: "http://x/slow" }, onError: continue }
`;

  test('that comes while nobody runs the run lets nothing begin that had not', async () => {
    const steps = `
ensemble: e
agents:
  - type: foreach
    items: [1, 2]
    concurrency: 2
    steps:
      - { name: a, operation: http, config: { url: "http://x/a\${item}" } }
      - { name: b, operation: transform, config: { value: 1 } }
      - { type: parallel, steps: [{ name: c, operation: transform, config: { value: 1 } }] }
`;
    const http = new HandHttp();
    const first = startRun(steps, { http: http.act });
    await settle();
    await http.answer('a1');
    await http.answer('a2');
    await first.done;
    const lastEnd = first.events.findLastIndex(({ type }) => type === 'agent.finished');
    for (let cut = 1; cut <= lastEnd; cut += 1) {
      const run = startRun(steps, { recorded: first.events.slice(0, cut) });
      run.cancel('enough');
      expect(await run.done).toMatchObject({ status: 'cancelled' });
      const kinds = run.events.map(({ type }) => type);
      const after = kinds.slice(kinds.indexOf('run.stopping'));
      expect(after.filter((type) => type.endsWith('.started'))).toEqual([]);
    }
  });

  test('that came before the crash goes on: what is to be undone is undone', async () => {
    const http = new HandHttp();
    const first = startRun(source, { http: http.act });
    await settle();
    await http.answer('book');
    first.cancel('enough');
    await settle();
    expect(http.open).toEqual(['unbook']);
    for (const before of [
      first,
      until(first, ({ type }) => type === 'run.compensating'),
      until(first, ({ type }) => type === 'agent.failed'),
    ]) {
      const again = new HandHttp();
      const run = await resume(source, before, { http: again.act });
      expect(again.seen).toEqual(['unbook']);
      await again.answer('unbook');
      expect(await run.done).toMatchObject({ status: 'cancelled', failure: { message: 'The run was cancelled: enough' } });
    }
  });

  test('of a run that was not resumed yet comes after what is recorded', async () => {
    const http = new HandHttp();
    const first = startRun(source, { http: http.act });
    await settle();
    await http.answer('book');
    const again = new HandHttp();
    const run = startRun(source, { http: again.act, recorded: first.events });
    run.cancel('late');
    await untilLive(run);
    await again.answer('unbook');
    expect(await run.done).toMatchObject({ status: 'cancelled' });
    expect(outline(run).slice(0, 4)).toEqual(['run.resumed', 'run.stopping', 'agent.failed slow', 'run.compensating']);
  });

  test('of a file whose time is over ends the same try of it', async () => {
    const agentFiles = { part: 'agent: part\noperations: [{ name: inner, operation: http, config: { url: "http://x/inner" } }]\n' };
    const parent =
      'ensemble: e\nagents: [{ name: part, timeout: 50, retry: { maxAttempts: 2, backoff: fixed, initialDelay: 10, jitter: false } }, { name: after, operation: http, config: { url: "http://x/after" } }]\n';
    const http = new HandHttp();
    const first = startRun(parent, { http: http.act, agentFiles });
    await first.clock.advance(50);
    await first.clock.advance(10);
    await http.answer('inner', 'second');
    expect(http.seen).toEqual(['inner', 'inner', 'after']);
    const types = outline(first);
    expect(types).toContain('run.stopping part');
    for (let cut = 2; cut <= first.events.length; cut += 1) {
      const again = new HandHttp();
      const run = await resume(parent, { events: first.events.slice(0, cut) }, { http: again.act, agentFiles });
      const kept = first.events.slice(0, cut).map(({ type }) => type);
      if (!kept.includes('run.stopping')) await run.clock.advance(50);
      if (!kept.includes('attempt.started')) await run.clock.advance(10);
      if (again.open.includes('inner')) await again.answer('inner', 'second');
      await again.answer('after', 'end');
      expect(await run.done, `cut at ${cut}`).toMatchObject({ status: 'succeeded', output: 'end' });
    }
  });
});

describe('an agent that waits', () => {
  const nap = 'ensemble: e\nagents: [{ name: nap, operation: wait, config: { for: 100 } }]\n';

  test('waits until the time that it had told, in any life', async () => {
    const first = startRun(nap);
    await first.clock.advance(10);
    const run = await resume(nap, first, { clock: new FakeClock(1_090) });
    expect(outline(run)).toEqual(['run.resumed']);
    await run.clock.advance(10);
    expect(await run.done).toMatchObject({ output: { waited_ms: 100 } });
    const late = await resume(nap, first, { clock: new FakeClock(5_000) });
    await late.clock.advance(0);
    expect(await late.done).toMatchObject({ output: { waited_ms: 4_000 } });
  });

  const ask = 'ensemble: e\nagents: [{ name: ok, operation: approval, config: { prompt: ok?, approvers: [ada] } }]\n';

  test('takes the answer that came before the crash', async () => {
    const inbox = new RunInbox();
    const first = startRun(ask, { inbox });
    await settle();
    expect(await inbox.answer('ok', { approved: true, approver: 'bob' })).toEqual({ type: 'refused', approvers: ['ada'] });
    const cut = first.events;
    expect(await inbox.answer('ok', { approved: true, approver: 'ada', data: { a: 1 } })).toEqual({ type: 'taken' });
    const answered = until(first, ({ type }) => type === 'agent.finished');
    expect(answered.events.at(-1)).toMatchObject({ type: 'run.answered', agent: 'ok', approved: true, approver: 'ada', data: { a: 1 } });
    const run = await resume(ask, answered, { inbox: new RunInbox() });
    expect(await run.done).toMatchObject({ output: { approved: true, approver: 'ada', data: { a: 1 } } });
    expect(outline(run)).toEqual(['run.resumed', 'agent.finished ok', 'run.finished']);
    const other = new RunInbox();
    const second = startRun(ask, { inbox: other, recorded: cut });
    // The agent has not asked anew yet.
    expect(await other.answer('ok', { approved: false, approver: 'ada' })).toEqual({ type: 'taken' });
    expect(await other.answer('ok', { approved: true, approver: 'ada' })).toEqual({ type: 'unknown' });
    expect(await second.done).toMatchObject({ output: { approved: false } });
    expect(outline(second)).toEqual(['run.resumed', 'run.answered ok', 'agent.finished ok', 'run.finished']);
  });

  test('gets the signal that was kept for it, once', async () => {
    const source = `
ensemble: e
agents:
  - { name: go, operation: http, config: { url: "http://x/go" } }
  - { name: first, operation: wait, config: { for_signal: paid } }
  - { name: second, operation: wait, config: { for_signal: paid } }
output: "\${[first.output.data, second.output.data]}"
`;
    const inbox = new RunInbox();
    const http = new HandHttp();
    const before = startRun(source, { inbox, http: http.act });
    await settle();
    expect(await inbox.signal('paid', 1)).toBe(true);
    await http.answer('go');
    const next = new RunInbox();
    const run = await resume(source, before, { inbox: next });
    expect(outline(run)).toEqual(['run.resumed']);
    expect(await next.signal('paid', 2)).toBe(true);
    expect(await run.done).toMatchObject({ output: [1, 2] });
    expect(await next.signal('paid', 3)).toBe(false);
  });
});

describe('a paused run', () => {
  test('begins no agent, also after a crash, until it goes on', async () => {
    const http = new HandHttp();
    const inbox = new RunInbox();
    const first = startRun(TWO, { http: http.act, inbox });
    await settle();
    expect(await inbox.pause('lunch')).toBe(true);
    await http.answer('one', 1);
    expect(http.seen).toEqual(['one']);
    expect(outline(first)).toEqual(['run.started', 'agent.started one', 'run.paused']);
    const again = new HandHttp();
    const next = new RunInbox();
    const run = await resume(TWO, { events: first.events }, { http: again.act, inbox: next });
    expect(next.isPaused).toBe(true);
    // It was at work when the run was paused.
    expect(again.seen).toEqual(['one']);
    await again.answer('one', 1);
    expect(again.seen).toEqual(['one']);
    expect(await next.continue()).toBe(true);
    await settle();
    await again.answer('two', 2);
    expect(await run.done).toMatchObject({ status: 'succeeded' });
  });

  test('can be cancelled, and undoes what is to be undone', async () => {
    const source = `
ensemble: e
agents:
  - { name: booked, operation: http, config: { url: "http://x/book" }, compensate: { operation: http, config: { url: "http://x/unbook" } } }
  - { name: never, operation: http, config: { url: "http://x/never" } }
`;
    const http = new HandHttp();
    const inbox = new RunInbox();
    const run = startRun(source, { http: http.act, inbox });
    await settle();
    await inbox.pause();
    await http.answer('book');
    run.cancel();
    await settle();
    await http.answer('unbook');
    expect(await run.done).toMatchObject({ status: 'cancelled' });
    expect(http.seen).toEqual(['book', 'unbook']);
  });
});

test('a verdict fails the attempt that was cut short, once', async () => {
  const source =
    'ensemble: e\nagents: [{ name: a, operation: http, config: { url: "http://x/a" }, onError: continue }]\noutput: "${a.failure.code}"\n';
  const first = startRun(source, { http: new HandHttp().act });
  await settle();
  const verdicts = new Map([['a', failure('CPU_LIMIT', 'too long').failure]]);
  const http = new HandHttp();
  const run = await resume(source, first, { http: http.act, verdicts });
  expect(await run.done).toMatchObject({ status: 'succeeded', output: 'CPU_LIMIT' });
  expect(http.seen).toEqual([]);
  expect(outline(run)).toEqual(['run.resumed', 'attempt.failed a', 'agent.failed a', 'run.finished']);
});

describe('state that lasts', () => {
  const source = (persist: string) => `
ensemble: e
state: { backend: durable-object, key: s, persist: ${persist}, schema: { list: { type: array, reducer: append }, n: { type: number, reducer: add } } }
agents:
  - { name: a, operation: http, config: { url: "http://x/a" }, state: { set: { list: a, n: 1 } } }
  - { name: both, parallel: [
      { name: b, operation: http, config: { url: "http://x/b" }, state: { set: { list: b, n: 1 } } },
      { name: c, operation: http, config: { url: "http://x/c" }, state: { set: { list: c, n: 1 } } }] }
  - { name: d, operation: http, config: { url: "http://x/d" }, state: { use: [n], set: { list: "\${state.n}" } } }
output: "\${state}"
`;

  // Also where the backend has it and the journal does not know that yet: the same commit is sent again under the same name.
  test.each(['each', 'on_success', 'always'])('is written once with `persist: %s`, wherever the run was cut', async (persist) => {
    const text = source(persist);
    const http: TestRunOptions['http'] = async ({ url }) => ({ output: url ?? null });
    const whole = startRun(text, { http, ports: { stateObject: new MemoryStates().open } });
    await whole.done;
    for (let cut = 1; cut < whole.events.length; cut += 1) {
      const states = new MemoryStates();
      const journal = new CutJournal(cut);
      startRun(text, { journal, http, ports: { stateObject: states.open } });
      await settle();
      const run = await resume(text, journal, { http, ports: { stateObject: states.open } });
      const { status, output } = await run.done;
      expect({ status, n: (output as { n: number }).n }, `cut at ${cut}`).toEqual({ status: 'succeeded', n: 3 });
      expect(states.values('s'), `cut at ${cut}`).toMatchObject({ n: 3 });
      expect(states.commits).toHaveLength(persist === 'each' ? 4 : 1);
    }
  });
});

test('a fork goes on from where the other run was, with other values in its state', async () => {
  const source = `
ensemble: e
state: { schema: { n: { type: number, reducer: add, default: 0 } } }
agents:
  - { name: a, operation: http, config: { url: "http://x/a" }, state: { set: { n: 1 } } }
  - { name: b, operation: http, config: { url: "http://x/b" }, state: { use: [n], set: { n: 10 } } }
output: "\${[a.output, state.n, run.attempt]}"
`;
  const http = new HandHttp();
  const first = startRun(source, { http: http.act });
  await settle();
  await http.answer('a');
  const kept = until(first, (event) => event.type === 'agent.started' && event.agent === 'b').events;
  const last = kept.at(-1);
  if (last === undefined) throw new Error('nothing is kept');
  const forked: RunEvent = {
    seq: last.seq + 1,
    at: last.at,
    run: last.run,
    type: 'run.forked',
    from: 'other',
    agent: 'b',
    values: { n: 100 },
  };
  const again = new HandHttp();
  const run = await resume(source, { events: [...kept, forked] }, { http: again.act });
  expect(run.events[0]).toMatchObject({ type: 'run.resumed', attempt: 1 });
  expect(again.seen).toEqual(['b']);
  const third = new HandHttp();
  const later = await resume(source, { events: [...kept, forked, ...run.events] }, { http: third.act });
  await third.answer('b');
  expect(await later.done).toMatchObject({ output: ['a', 110, 2] });
});
