import { describe, expect, test } from 'vitest';
import { FlowProgress } from '../../../src/cli/reporters/flow-progress.ts';
import { REPORTERS } from '../../../src/cli/reporters/index.ts';
import type { EventBody } from '../../../src/program/run-event.ts';
import { agentFailed, agentFinished, agentStarted, FAILURE, finished, numberEvents, stepFinished, stepStarted } from '../support/events.ts';
import { createFakeIo } from '../support/fake-io.ts';
import { programOf } from '../support/program-of.ts';
import { renderScreen } from '../support/screen.ts';

const PART = `agent: part
operations:
  - name: inner
    operation: transform
    config: { value: 1 }
`;
const PROGRAM = programOf(
  `ensemble: shop
agents:
  - { name: charge, operation: http, config: { url: "https://pay.example" }, compensate: { operation: http, config: { url: "https://pay.example/undo", method: POST } } }
  - name: rows
    operation: http
    loop: { items: "\${input.rows}" }
    config: { url: "https://x.example/\${item}" }
  - name: call
    operation: http
    config: { url: "https://x.example/" }
    onError:
      - { name: tell, operation: log, config: { message: "\${error.message}" } }
  - name: sources
    type: foreach
    items: \${input.sources}
    steps:
      - { name: fetch, operation: http, config: { url: "https://x.example/\${item}" }, onError: continue }
      - { name: part, agent: part }
  - name: check
    type: branch
    condition: \${input.big}
    then:
      - { name: large, operation: log, config: { message: large } }
    else:
      - { name: small, operation: log, config: { message: small } }
  - name: route
    type: switch
    value: \${input.kind}
    cases:
      refund:
        - { name: pay-back, operation: log, config: { message: x } }
  - name: race
    type: parallel
    waitFor: any
    steps:
      - { name: fast, operation: http, config: { url: "https://x.example/" } }
      - { name: backup, operation: http, config: { url: "https://x.example/" } }
  - name: poll
    type: while
    condition: \${poll-once.output != 'done'}
    steps:
      - { name: poll-once, operation: http, config: { url: "https://x.example/" } }
  - name: safe
    type: try
    steps:
      - { name: risky, operation: http, config: { url: "https://x.example/" } }
    catch:
      - { name: rescue, operation: log, config: { message: "\${error.code}" } }
    finally:
      - { name: tidy, operation: log, config: { message: tidy } }
  - name: totals
    type: map-reduce
    items: \${input.rows}
    map:
      - { name: one, operation: transform, config: { value: "\${item}" } }
    reduce:
      - { name: all, operation: transform, config: { value: "\${mapResults}" } }
output: \${totals.output}
`,
  { part: PART },
);

const CANCELLED = { code: 'CANCELLED', message: 'Another branch was first.', retryable: false } as const;

const items = (count: number) => ({ items: Array.from({ length: count }, (_, i) => i) });

function plain(bodies: readonly EventBody[], { stepMs = 10 } = {}) {
  const io = createFakeIo();
  const reporter = REPORTERS.plain(io, PROGRAM);
  for (const event of numberEvents(bodies, stepMs)) reporter.event(event);
  reporter.close();
  return io.stderr.text.split('\n').slice(0, -1);
}

/** The events of one iteration of `sources`. */
const iteration = (i: number, failing = false): readonly EventBody[] => [
  agentStarted(`fetch[${i}]`),
  failing ? agentFailed(`fetch[${i}]`, { handled: true }) : agentFinished(`fetch[${i}]`),
  agentStarted(`part[${i}]`),
  agentStarted(`part[${i}]/inner`),
  agentFinished(`part[${i}]/inner`),
  agentFinished(`part[${i}]`),
];

describe('flow steps in the log', () => {
  test('what lies in a step is indented under it', () => {
    expect(
      plain([
        stepStarted('sources', 'foreach', items(2)),
        ...iteration(0),
        ...iteration(1, true),
        stepFinished('sources', { rounds: 2 }),
        agentStarted('call'),
        agentFailed('call', { handled: true }),
        agentStarted('tell'),
        agentFinished('tell'),
      ]),
    ).toEqual([
      '▸ sources  2 items',
      '  ✓ fetch[0]  12 ms',
      '  ✓ part[0]/inner  12 ms',
      '  ✓ part[0]  12 ms',
      '  ✗ fetch[1]  3 ms · handled  HTTP_STATUS: it answered 500',
      '  ✓ part[1]/inner  12 ms',
      '  ✓ part[1]  12 ms',
      '✓ sources  40 ms · 2 items · 1 failed',
      '✗ call  3 ms · handled  HTTP_STATUS: it answered 500',
      '  ✓ tell  12 ms',
    ]);
  });

  test('where a run was forked stands at the margin: it is about the run', () => {
    const forked: EventBody = { type: 'run.forked', from: 'old', agent: 'part[1]' };
    expect(plain([stepStarted('sources', 'foreach', items(2)), ...iteration(0), forked])).toContain('· forked from old at part[1]');
  });

  test('a branch and a switch say what they took, and a parallel whose end decided', () => {
    expect(
      plain([
        stepStarted('check', 'branch'),
        { type: 'step.decided', step: 'check', took: 'else', saw: 0 },
        agentStarted('small'),
        agentFinished('small'),
        stepFinished('check'),
        stepStarted('route', 'switch'),
        { type: 'step.decided', step: 'route', took: 'refund', saw: 'refund' },
        stepFinished('route'),
        stepStarted('race', 'parallel', { branches: 2 }),
        agentStarted('fast'),
        agentStarted('backup'),
        agentFinished('backup'),
        { type: 'step.decided', step: 'race', took: '1' },
        agentFailed('fast', { failure: CANCELLED, handled: true }),
        stepFinished('race'),
      ]),
    ).toEqual([
      '→ check  else · saw 0',
      '  ✓ small  12 ms',
      '→ route  refund · saw "refund"',
      '▸ race  2 branches',
      '  ✓ backup  12 ms',
      '→ race  backup succeeded first',
      '  ■ fast  cancelled after 3 ms',
      '✓ race  40 ms · 2 branches',
    ]);
  });

  test('a failure that a try catches is no red one, and the log says where `catch` and `finally` begin', () => {
    expect(
      plain([
        stepStarted('safe', 'try'),
        agentStarted('risky'),
        agentFailed('risky'),
        { type: 'step.decided', step: 'safe', took: 'catch', saw: { code: 'HTTP_STATUS' } },
        agentStarted('rescue'),
        agentFinished('rescue'),
        agentStarted('tidy'),
        agentFinished('tidy'),
        stepFinished('safe'),
      ]),
    ).toEqual([
      '▸ safe  try',
      '  ✗ risky  3 ms · handled by safe  HTTP_STATUS: it answered 500',
      '→ safe  catch',
      '  ✓ rescue  12 ms',
      '→ safe  finally',
      '  ✓ tidy  12 ms',
      '✓ safe  40 ms',
    ]);
  });

  test('a branch that fails while others may succeed is no red failure; when all failed the step says so', () => {
    const none = { ...FAILURE, message: 'None of the 2 branches succeeded. The first failure: it answered 500' };
    expect(
      plain([
        stepStarted('race', 'parallel', { branches: 2 }),
        agentFailed('fast'),
        agentFailed('backup'),
        { type: 'step.failed', step: 'race', failure: none, agent: 'fast', duration_ms: 9, handled: false, tainted: false },
      ]),
    ).toEqual([
      '▸ race  2 branches',
      '  ✗ fast  3 ms · handled by race  HTTP_STATUS: it answered 500',
      '  ✗ backup  3 ms · handled by race  HTTP_STATUS: it answered 500',
      '✗ race  9 ms · 2/2 · 2 failed  HTTP_STATUS: None of the 2 branches succeeded. The first failure: it answered 500',
    ]);
  });

  test('a while counts its rounds, a broken off loop its items, a map-reduce says when it reduces', () => {
    expect(
      plain([
        stepStarted('poll', 'while'),
        { type: 'step.decided', step: 'poll', took: 'again', saw: true, round: 0 },
        agentFinished('poll-once[0]'),
        { type: 'step.decided', step: 'poll', took: 'stop', saw: false, round: 1 },
        stepFinished('poll', { rounds: 1 }),
        stepStarted('sources', 'foreach', items(3)),
        ...iteration(0).filter(({ type }) => type !== 'agent.finished'),
        { type: 'step.decided', step: 'sources', took: 'stop', saw: true, round: 0 },
        stepFinished('sources', { rounds: 1 }),
        stepStarted('totals', 'map-reduce', items(1)),
        agentFinished('one[0]'),
        agentFinished('all'),
        stepFinished('totals', { rounds: 1 }),
      ]),
    ).toEqual([
      '▸ poll  while',
      '  ✓ poll-once[0]  12 ms',
      '✓ poll  40 ms · 1 round',
      '▸ sources  3 items',
      '→ sources  breaks off after [0]',
      '✓ sources  40 ms · 1 of 3 items',
      '▸ totals  1 item',
      '  ✓ one[0]  12 ms',
      '→ totals  reduce',
      '  ✓ all  12 ms',
      '✓ totals  40 ms · 1 item',
    ]);
  });

  test('a looped agent and its loop share a name and are told apart', () => {
    expect(
      plain([
        stepStarted('rows', 'loop', items(2)),
        agentFinished('rows[0]'),
        agentFailed('rows[1]'),
        { type: 'step.failed', step: 'rows', failure: FAILURE, agent: 'rows[1]', duration_ms: 9, handled: false, tainted: false },
      ]),
    ).toEqual([
      '▸ rows  2 items',
      '  ✓ rows[0]  12 ms',
      '  ✗ rows[1]  3 ms  HTTP_STATUS: it answered 500',
      '✗ rows  9 ms · 2/2 · 1 failed',
    ]);
  });

  test('a failure of a step’s own says what it is', () => {
    const failure = { code: 'CONFIG_INVALID', message: 'items is a text', retryable: false } as const;
    const own = { type: 'step.failed', step: 'sources', failure, duration_ms: 1, tainted: false } as const;
    expect(plain([stepStarted('sources', 'foreach'), { ...own, handled: true }])).toEqual([
      '▸ sources  foreach',
      '✗ sources  1 ms · handled  CONFIG_INVALID: items is a text',
    ]);
  });

  test('a step that is cancelled is no failure', () => {
    const own = { type: 'step.failed', failure: CANCELLED, duration_ms: 9, handled: false, tainted: false } as const;
    expect(
      plain([
        stepStarted('sources', 'foreach', items(2)),
        ...iteration(0),
        agentFailed('fetch[1]', { failure: CANCELLED, handled: true }),
        { ...own, step: 'sources' },
        stepStarted('safe', 'try'),
        { ...own, step: 'safe' },
      ]).slice(4),
    ).toEqual([
      '  ■ fetch[1]  cancelled after 3 ms',
      '■ sources  cancelled after 9 ms · 1/2',
      '▸ safe  try',
      '■ safe  cancelled after 9 ms',
    ]);
  });

  test('what is undone is said before it is done, and a compensation that fails stays red', () => {
    expect(
      plain([
        { type: 'run.compensating', agents: ['rows', 'charge'] },
        agentStarted('charge:compensate', { compensates: 'charge' }),
        agentFinished('charge:compensate'),
        agentStarted('charge:compensate', { compensates: 'charge' }),
        agentFailed('charge:compensate', { handled: true }),
        finished({ status: 'failed' }),
      ]),
    ).toEqual([
      '↩ undoing 2 agents: rows, charge',
      '  ↩ charge:compensate  12 ms · undoes charge',
      '  ✗ charge:compensate  3 ms · undoes charge  HTTP_STATUS: it answered 500',
      '✗ failed in 1.2 s · 2 steps',
    ]);
  });

  test('what a sub-run undoes stands under it, and what the run undoes at the left, wherever it is written', () => {
    expect(
      plain([
        { type: 'run.compensating', agents: ['part[0]/inner'], agent: 'part[0]' },
        agentStarted('part[0]/inner', { compensates: 'part[0]/inner' }),
        agentFinished('part[0]/inner'),
        agentFailed('part[0]', { handled: true }),
        { type: 'run.compensating', agents: ['part[1]/inner'] },
        agentStarted('part[1]/inner', { compensates: 'part[1]/inner' }),
        { type: 'log', agent: 'part[1]/inner', level: 'info', message: 'so' },
        agentFinished('part[1]/inner'),
      ]),
    ).toEqual([
      '  ↩ part[0]  undoing 1 agent: part[0]/inner',
      '    ↩ part[0]/inner  12 ms · undoes part[0]/inner',
      '  ✗ part[0]  3 ms · handled  HTTP_STATUS: it answered 500',
      '↩ undoing 1 agent: part[1]/inner',
      '    part[1]/inner │ so',
      '  ↩ part[1]/inner  12 ms · undoes part[1]/inner',
    ]);
  });

  test('an agent from the cache says so', () => {
    expect(plain([agentFinished('call', { cached: true, attempts: 0 })])).toEqual(['✓ call  12 ms · from the cache']);
  });
});

describe('a loop of many items', () => {
  const loop = (count: number, failing: (i: number) => boolean, between: (i: number) => readonly EventBody[] = () => []) => [
    stepStarted('sources', 'foreach', items(count)),
    ...Array.from({ length: count }, (_, i) => [...iteration(i, failing(i)), ...between(i)]).flat(),
    stepFinished('sources', { rounds: count }),
  ];

  test('shows numbers every few seconds, failures and logs, and nothing that went well', () => {
    const retry: EventBody = { type: 'attempt.failed', agent: 'fetch[5]', attempt: 1, failure: FAILURE, retry_in_ms: 10 };
    const log: EventBody = { type: 'log', agent: 'fetch[7]', level: 'info', message: 'hello' };
    const lines = plain(
      loop(
        1_500,
        (i) => i === 700,
        (i) => (i === 5 ? [retry] : i === 7 ? [log] : []),
      ),
    );
    expect(lines[0]).toBe('▸ sources  1,500 items');
    expect(lines.at(-1)).toBe('✓ sources  40 ms · 1,500 items · 1 failed · 1 retry');
    expect(lines).toContain('    fetch[7] │ hello');
    expect(lines).toContain('  ✗ fetch[700]  3 ms · handled  HTTP_STATUS: it answered 500');
    // 9,000 events, 10 ms apart: a line of numbers every 5 s.
    const numbers = lines.filter((line) => line.startsWith('· sources'));
    expect(numbers).toHaveLength(18);
    expect(numbers.at(-1)).toMatch(/^· sources {2}1,\d\d\d\/1,500 · 1 failed · 1 retry$/);
    expect(lines).toHaveLength(22);
  });

  test('twenty items are not many', () => {
    expect(plain(loop(20, () => false))).toHaveLength(62);
    expect(plain(loop(21, () => false))).toHaveLength(2);
  });

  test('what people are asked is told, each wait for a time is not', () => {
    const waits = (i: number): readonly EventBody[] => [
      { type: 'run.waiting', agent: `fetch[${i}]`, reason: 'time', until: 1 },
      ...(i === 3 ? [{ type: 'run.waiting', agent: 'fetch[3]', reason: 'approval', prompt: 'Go on?' } as const] : []),
    ];
    const lines = plain(loop(21, () => false, waits));
    expect(lines).toHaveLength(3);
    expect(lines[1]).toBe('  ⏸ fetch[3] waits for an approval: Go on?');
  });

  test('a while is shown by numbers once it has gone round often', () => {
    const rounds = Array.from({ length: 100 }, (_, i): EventBody => agentFinished(`poll-once[${i}]`));
    const lines = plain([stepStarted('poll', 'while'), ...rounds, stepFinished('poll', { rounds: 100 })]);
    expect(lines).toHaveLength(22);
    expect(lines.at(-1)).toBe('✓ poll  40 ms · 100 rounds');
  });

  test('a warning that every item gives is told once', () => {
    const warning = (i: number): EventBody => ({ type: 'warning', code: 'missing-value', message: 'x is missing', agent: `fetch[${i}]` });
    const events = loop(
      100,
      () => false,
      (i) => [warning(i)],
    );
    const lines = plain(events, { stepMs: 1 });
    expect(lines.slice(1, -1)).toEqual(['  ! fetch[0]: x is missing [missing-value]']);
  });

  test('keeps nothing of the iterations that are over', () => {
    const flow = new FlowProgress(PROGRAM);
    const follow = (bodies: readonly EventBody[]) => {
      for (const event of numberEvents(bodies, 0)) flow.follow(event);
    };
    follow([stepStarted('sources', 'foreach', items(10_000))]);
    for (let i = 0; i < 10_000; i += 1) follow(iteration(i, true));
    const open = Array.from(flow.open, ({ done, failed, warned, ...rest }) => ({ done, failed, kept: sizesOf({ warned, ...rest }) }));
    expect(open).toEqual([{ done: 10_000, failed: 10_000, kept: [0, 0] }]);
    follow([stepFinished('sources')]);
    expect([...flow.open]).toEqual([]);
  });
});

/** Of all that something keeps by the piece. */
const sizesOf = (kept: object) =>
  Object.values(kept).flatMap((value) => (value instanceof Set || value instanceof Map ? [value.size] : []));

describe('the live reporter', () => {
  test('shows how far loops are above the agents at work, and their end in the log', () => {
    const io = createFakeIo({ tty: true, env: { NO_COLOR: '1' } });
    const reporter = REPORTERS.live(io, PROGRAM);
    const screen = () => renderScreen(io.stderr.text, 80);
    const all = numberEvents([
      stepStarted('sources', 'foreach', items(10_000)),
      ...Array.from({ length: 1_204 }, (_, i) => iteration(i, i % 100 === 0)).flat(),
      agentStarted('fetch[1204]'),
      stepFinished('sources', { rounds: 1_205 }),
    ]);
    for (const event of all.slice(0, -1)) reporter.event(event);
    io.advance(80);
    expect(screen()[0]).toBe('▸ sources  10,000 items');
    expect(screen().slice(-2)).toEqual([
      expect.stringMatching(/^. sources {2}1,204\/10,000 · 13 failed · \d/u),
      expect.stringMatching(/^ {2}. fetch\[1204\] {2}http · /u),
    ]);
    reporter.event(agentFinished('fetch[1204]') as never);
    reporter.event(all.at(-1) as never);
    reporter.close();
    expect(screen().at(-1)).toBe('✓ sources  40 ms · 1,205 of 10,000 items · 13 failed');
  });
});

test('names of steps cannot repaint the terminal', () => {
  const evil = 'a\u001b[2J\u009b31m\u202e';
  const lines = plain([
    stepStarted(evil, 'foreach', items(1)),
    { type: 'step.decided', step: evil, took: evil, saw: evil, round: 0 },
    { type: 'step.failed', step: evil, failure: { ...FAILURE, message: evil }, duration_ms: 1, handled: false, tainted: false },
    stepStarted(evil, 'switch'),
    { type: 'step.decided', step: evil, took: evil, saw: evil },
    { type: 'run.compensating', agents: [evil], agent: evil },
    agentStarted(evil, { compensates: evil }),
    agentFinished(evil),
  ]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
});
