import { describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import type { Program } from '../../../src/program/program.ts';
import type { EventBody, RunEvent } from '../../../src/program/run-event.ts';
import {
  agentFailed,
  agentFinished,
  agentStarted,
  FAILURE,
  finished,
  numberEvents,
  STARTED,
  stepFinished,
  stepStarted,
} from '../support/events.ts';
import { createFakeHost } from '../support/fake-host.ts';
import { createFakeIo } from '../support/fake-io.ts';
import { programOf } from '../support/program-of.ts';

const RUN = 'r'.repeat(26);
const PART = `agent: part
operations:
  - { name: inner, operation: http, config: { url: "https://x.example/" } }
`;
const PROGRAM = programOf(
  `ensemble: shop
agents:
  - { name: charge, operation: http, config: { url: "https://x.example/" }, compensate: { operation: http, config: { url: "https://x.example/", method: POST } } }
  - { name: rows, operation: http, loop: { items: "\${input.rows}" }, config: { url: "https://x.example/\${item}" } }
  - name: each
    type: foreach
    items: \${input.rows}
    steps:
      - { name: part, agent: part, retry: { maxAttempts: 2 }, onError: [{ name: tell, operation: log, config: { message: no } }] }
  - name: check
    type: branch
    condition: \${input.big}
    else:
      - { name: small, operation: log, config: { message: small } }
    then:
      - { name: large, operation: log, config: { message: large } }
  - { name: ship, operation: http, config: { url: "https://x.example/" } }
`,
  { part: PART },
);

const done = (agent: string): readonly EventBody[] => [agentStarted(agent), agentFinished(agent)];

async function show(story: readonly EventBody[], args: readonly string[] = [], program: Program | undefined = PROGRAM, laterMs = 0) {
  const host = createFakeHost([]);
  const events = numberEvents(story);
  host.recorded.set(RUN, {
    ...(program === undefined ? {} : { program }),
    events: (async function* (): AsyncGenerator<RunEvent, void> {
      yield* events;
    })(),
  });
  const io = createFakeIo();
  io.advance(laterMs);
  const code = await main(['show', RUN, ...args], io, host.open);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text, events, closed: host.closed };
}

const tree = async (story: readonly EventBody[]) => {
  const { stdout } = await show(story);
  return stdout
    .slice(stdout.indexOf('\n\n') + 2)
    .split('\n\n')[0]
    ?.trimEnd()
    .split('\n');
};

describe('ensemble show', () => {
  test('draws agents, loops, files, retries, handlers, decisions, what was undone and what was not reached', async () => {
    const story: readonly EventBody[] = [
      STARTED,
      ...done('charge'),
      stepStarted('rows', 'loop', { items: [7, 8] }),
      ...done('rows[0]'),
      ...done('rows[1]'),
      stepFinished('rows', { rounds: 2 }),
      stepStarted('each', 'foreach', { items: [7] }),
      agentStarted('part[0]'),
      agentStarted('part[0]/inner'),
      agentFailed('part[0]/inner'),
      { type: 'attempt.failed', agent: 'part[0]', attempt: 1, failure: FAILURE, retry_in_ms: 10 },
      { type: 'attempt.started', agent: 'part[0]', attempt: 2 },
      ...done('part[0]/inner'),
      agentFailed('part[0]', { attempts: 2, handled: true }),
      ...done('tell[0]'),
      stepFinished('each', { rounds: 1 }),
      stepStarted('check', 'branch'),
      { type: 'step.decided', step: 'check', took: 'else', saw: 0 },
      agentStarted('small'),
      agentFailed('small'),
      { type: 'step.failed', step: 'check', failure: FAILURE, agent: 'small', duration_ms: 4, handled: false, tainted: false },
      { type: 'run.compensating', agents: ['charge'] },
      agentStarted('charge:compensate', { compensates: 'charge' }),
      agentFinished('charge:compensate'),
      finished({ status: 'failed', failure: FAILURE, agent: 'small' }),
    ];
    const { code, stdout, closed } = await show(story);
    expect([code, closed]).toEqual([0, 1]);
    expect(stdout.split('\n')).toEqual([
      'shop  failed in 1.2 s · 2 steps',
      `run ${RUN} of ensembles/shop.yaml, 2027-01-15T08:00:00.000Z`,
      'input {}',
      '',
      ' 10 ms  ├─ ✓ charge  12 ms',
      ' 30 ms  ├─ ✓ rows  40 ms · 2 items',
      ' 40 ms  │  ├─ ✓ rows[0]  12 ms  7',
      ' 60 ms  │  └─ ✓ rows[1]  12 ms  8',
      ' 90 ms  ├─ ✓ each  40 ms · 1 item · 1 failed',
      '        │  └─ [0]  7',
      '100 ms  │     └─ ✗ part  3 ms · 2 attempts · handled  HTTP_STATUS: it answered 500',
      '130 ms  │        │  attempt 1 failed  HTTP_STATUS: it answered 500',
      '150 ms  │        ├─ ✓ inner  12 ms',
      '        │        └─ on error',
      '180 ms  │           └─ ✓ tell  12 ms',
      '210 ms  ├─ ✗ check  4 ms',
      '230 ms  │  └─ ✗ small  3 ms  HTTP_STATUS: it answered 500',
      '        ├─ undone',
      '270 ms  │  └─ ↩ charge:compensate  12 ms · undoes charge',
      '        └─ · ship  not reached',
      '',
      'error[HTTP_STATUS]: it answered 500',
      '  in small',
      '',
    ]);
  });

  test('of a loop with many items it shows those in which something failed, and counts the others', async () => {
    const items = Array.from({ length: 10_000 }, (_, i) => i);
    const iterations = items.flatMap((i) =>
      i % 4_000 === 1 ? [agentStarted(`rows[${i}]`), agentFailed(`rows[${i}]`, { handled: true })] : done(`rows[${i}]`),
    );
    expect(await tree([STARTED, stepStarted('rows', 'loop', { items }), ...iterations, stepFinished('rows', { rounds: 10_000 })])).toEqual([
      '   10 ms  └─ ✓ rows  40 ms · 10,000 items · 3 failed',
      '   40 ms     ├─ ✗ rows[1]  3 ms · handled  1  HTTP_STATUS: it answered 500',
      '1 m 20 s     ├─ ✗ rows[4001]  3 ms · handled  4001  HTTP_STATUS: it answered 500',
      '2 m 40 s     ├─ ✗ rows[8001]  3 ms · handled  8001  HTTP_STATUS: it answered 500',
      '             └─ 9,997 iterations without a failure',
    ]);
  });

  test('a run that goes on, waits or was cut short says so', async () => {
    const begun = [STARTED, agentStarted('charge')];
    expect((await show(begun)).stdout).toMatch(/^shop {2}running for 10 ms\n[\s\S]*└─ … charge {2}at work\n$/);
    const asked: EventBody = { type: 'run.waiting', agent: 'charge', reason: 'approval', prompt: 'Charge?' };
    const waits = /^shop {2}waiting · charge waits for an approval: Charge\?\n/;
    expect((await show([...begun, asked, ...done('ship')])).stdout).toMatch(waits);
    expect((await show([...begun, asked, agentFinished('charge')])).stdout).toMatch(/^shop {2}running/);
    const lost = finished({ status: 'failed', failure: { code: 'INTERRUPTED', message: 'gone', retryable: false } });
    expect((await show([...begun, lost])).stdout).toMatch(/├─ ! charge {2}cut short\n {8}├─ · rows {2}not reached\n/);
  });

  test('a run that waits says how people make it go on, in words that a shell takes', async () => {
    const { stdout } = await show([
      ...[
        STARTED,
        agentStarted('charge'),
        { type: 'run.waiting', agent: 'charge', reason: 'approval', approvers: ['ann', 'bob'] } as EventBody,
      ],
      ...[
        agentStarted('ship'),
        { type: 'run.waiting', agent: 'ship', reason: 'signal', signal: "it's paid", until: 1_800_000_600_000 } as EventBody,
      ],
      ...[agentStarted('rows[0]'), { type: 'run.waiting', agent: 'rows[0]', reason: 'approval' } as EventBody],
    ]);
    expect(stdout).toContain('waiting · charge waits for an approval, and 2 more wait');
    expect(stdout.slice(stdout.indexOf('it goes on with')).split('\n')).toEqual([
      'it goes on with',
      `  ensemble approve ${RUN} charge by ann, bob`,
      `  ensemble reject ${RUN} charge by ann, bob`,
      `  ensemble signal ${RUN} 'it'\\''s paid' until 2027-01-15T08:10:00.000Z`,
      `  ensemble approve ${RUN} 'rows[0]'`,
      `  ensemble reject ${RUN} 'rows[0]'`,
      '',
    ]);
    const answered: EventBody = { type: 'attempt.failed', agent: 'charge', attempt: 1, failure: FAILURE };
    const waits: EventBody = { type: 'run.waiting', agent: 'charge', reason: 'time' };
    expect((await show([STARTED, agentStarted('charge'), waits, answered])).stdout).toMatch(/^shop {2}running/);
  });

  test('a run that is paused, was resumed or forked says so', async () => {
    const paused: EventBody = { type: 'run.paused', reason: 'lunch' };
    const { stdout } = await show([STARTED, paused]);
    expect(stdout).toMatch(new RegExp(`^shop {2}paused · lunch\n[\\s\\S]*\n  ensemble resume ${RUN}\n$`));
    expect((await show([STARTED, paused, { type: 'run.continued' }])).stdout).toMatch(/^shop {2}running/);
    const resumed: EventBody = { type: 'run.resumed', attempt: 3, program: 'def' };
    expect((await show([STARTED, paused, resumed])).stdout).toMatch(/^shop {2}paused/);
    expect((await show([STARTED, paused, resumed])).stdout).toContain(
      '\nresumed 2027-01-15T08:00:00.020Z, attempt 3, with a changed file\n',
    );
    expect((await show([STARTED, { type: 'run.resumed', attempt: 1 }])).stdout).not.toContain('resumed');
    const forked: EventBody = { type: 'run.forked', from: 'old', agent: 'ship', values: { n: 1 } };
    expect((await show([STARTED, forked])).stdout).toContain('\nforked from old at ship, with n set\n');
  });

  test('what a fork kept of the run before it has no time of its own', async () => {
    const host = createFakeHost([]);
    const [started, ...kept] = numberEvents([STARTED, ...done('charge'), ...done('ship')]);
    const early = kept.map((event) => (event.seq < 3 ? { ...event, at: event.at - 60_000 } : event));
    host.recorded.set(RUN, {
      events: (async function* () {
        yield* [started, ...early] as RunEvent[];
      })(),
    });
    const io = createFakeIo();
    await main(['show', RUN], io, host.open);
    expect(io.stdout.text).toContain('\n  kept  ├─ ✓ charge  12 ms\n 30 ms  └─ ✓ ship  12 ms\n');
  });

  test('a run that goes on has lasted until now, however long it has said nothing', async () => {
    const { stdout } = await show([STARTED, agentStarted('charge')], [], PROGRAM, 60_010);
    expect(stdout).toMatch(/^shop {2}running for 1 m 00 s\n/);
  });

  test('a run at work that is silent for too long is called stalled; one that waits, is paused or over is not', async () => {
    const stalled = async (story: readonly EventBody[], ...args: string[]) =>
      /\nstalled: .* nothing has happened for (.*)\n/.exec((await show(story, args, PROGRAM, 11 * 60_000)).stdout)?.[1];
    const begun = [STARTED, agentStarted('charge')];
    expect(await stalled(begun)).toBe('11 m 00 s');
    expect(await stalled(begun, '--stalled-after', '20m')).toBeUndefined();
    expect(await stalled([...begun, { type: 'run.waiting', agent: 'charge', reason: 'time' }])).toBeUndefined();
    expect(await stalled([...begun, { type: 'run.paused' }])).toBeUndefined();
    expect(await stalled([...begun, finished()])).toBeUndefined();
  });

  test('prints the output of a run that succeeded', async () => {
    expect((await show([STARTED, finished({ output: { n: 1 } })])).stdout).toMatch(/\noutput \{\n {2}"n": 1\n\}\n$/);
  });

  test('draws a run whose program it does not have by its paths alone', async () => {
    const { stdout } = await show([STARTED, agentStarted('part'), ...done('part/inner'), agentFinished('part')], [], undefined);
    expect(stdout).toContain(' 10 ms  └─ ✓ part  12 ms\n 20 ms     └─ ✓ inner  12 ms\n');
  });

  test('--json prints the events', async () => {
    const { stdout, events } = await show([STARTED, ...done('charge'), finished()], ['--json']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(events);
  });

  test.each([
    ['01m7z5cdz229wsr8855hbdka2z', 'there is no run 01m7z5cdz229wsr8855hbdka2z in the data of this project'],
    ['the last one', '"the last one" names no run'],
  ])('%s is refused with 2', async (run, message) => {
    const io = createFakeIo();
    const host = createFakeHost([]);
    expect(await main(['show', run], io, host.open)).toBe(2);
    expect(io.stderr.text).toContain(message);
    expect(io.interruptListeners).toBe(0);
  });

  test('nothing that a run names can repaint the terminal', async () => {
    const evil = 'a\u001b[2J\u009b31m\u202e';
    const { stdout } = await show(
      [
        { ...STARTED, ensemble: evil, file: evil, input: { [evil]: evil } } as EventBody,
        agentStarted(evil),
        agentFailed(evil, { failure: { ...FAILURE, message: evil } }),
        { type: 'agent.skipped', agent: `${evil}2`, condition: evil, saw: evil },
        finished({ output: evil }),
      ],
      [],
      undefined,
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });
});
