import { describe, expect, test } from 'vitest';
import type { EventBody } from '../../../src/program/run-event.ts';
import { CONTROLS, EVIL, RUN, stateLoaded, stateSet, tellOf } from '../history/support.ts';
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
import { programOf } from '../support/program-of.ts';

const PROGRAM = programOf(`ensemble: shop
state: { schema: { total: number, seen: number } }
agents:
  - { name: fetch, operation: http, config: { url: "https://x.example/\${input.id}", headers: { token: "\${env.TOKEN}" } }, retry: { maxAttempts: 2 } }
  - { name: sum, operation: transform, input: { rows: "\${fetch.output.rows}" }, config: { value: "\${input.rows}" }, state: { use: [total], set: { total: 2 } } }
`);
const log = (agent: string, message: string): EventBody => ({ type: 'log', agent, level: 'info', message });
const STORY: readonly EventBody[] = [
  { ...STARTED, input: { id: 7 } } as EventBody,
  stateLoaded({ total: 1 }),
  agentStarted('fetch'),
  { type: 'attempt.failed', agent: 'fetch', attempt: 1, failure: FAILURE, retry_in_ms: 1_000 },
  { type: 'attempt.started', agent: 'fetch', attempt: 2 },
  agentFinished('fetch', {
    attempts: 2,
    output: { rows: [1, 2] },
    usage: { input_tokens: 1, output_tokens: 2, cost_usd: 0.5 },
    tainted: true,
  }),
  agentStarted('sum'),
  log('sum', 'adding\nup'),
  stateSet('sum', { total: 2, seen: 9 }),
  agentFailed('sum', { failure: { ...FAILURE, details: { line: 3 } } }),
  { type: 'agent.skipped', agent: 'skip', condition: 'input.go', saw: false },
  finished(),
];
const shown = async (agent: string, story = STORY) => (await tellOf(story, ['show', RUN, '--agent', agent], PROGRAM)).stdout.split('\n');

describe('ensemble show --agent', () => {
  test('shows what an agent was given, its tries and what it gave', async () => {
    expect(await shown('fetch')).toEqual([
      'fetch  http  finished · began after 20 ms · took 12 ms · 2 attempts · 3 tokens · $0.5000 · tainted',
      '  config  {"url":"https://x.example/7","headers":{"token":"[env TOKEN]"}}',
      '  attempt 1 failed after 30 ms, next in 1.0 s  HTTP_STATUS: it answered 500',
      '  output  {"rows":[1,2]}',
      '',
    ]);
  });

  test('shows its failure with details, what it changed in the state and what it logged', async () => {
    expect(await shown('sum')).toEqual([
      'sum  http  failed · began after 60 ms · took 3 ms',
      '  input  {"rows":[1,2]}',
      '  config  {"value":[1,2]}',
      '  error  HTTP_STATUS: it answered 500',
      '  details  {"line":3}',
      '  state  total: 1 → 2',
      '  state  seen: (not set) → 9',
      '  log  70 ms  info  adding up',
      '',
    ]);
  });

  test('the values of a fork are what stood before', async () => {
    const forked: EventBody = { type: 'run.forked', from: 'old', agent: 'sum', values: { total: 50 } };
    const story = [...STORY.slice(0, 6), forked, ...STORY.slice(6)];
    expect(await shown('sum', story)).toContain('  state  total: 50 → 2');
  });

  test('shows why an agent was skipped, and one that is still at work or waits', async () => {
    expect(await shown('skip')).toEqual(['skip  skipped after 100 ms', '  skipped  input.go is false', '']);
    const asked: EventBody = { type: 'run.waiting', agent: 'sum', reason: 'approval', prompt: 'Sure?' };
    const begun = [...STORY.slice(0, 7), asked];
    expect(await shown('sum', begun)).toContain('  waits  waits for an approval: Sure?');
    const answered: EventBody = { type: 'run.answered', agent: 'sum', approved: false, feedback: 'no', approver: 'ann' };
    const lines = await shown('sum', [...begun, answered, agentFailed('sum', { handled: true })]);
    expect(lines[0]).toMatch(/^sum {2}http {2}failed, handled · /);
    expect(lines).toContain('  rejected by ann: no');
  });

  test('of a retried agent file the last run of an agent in it is shown', async () => {
    const story = [
      STARTED,
      agentStarted('a'),
      log('a', 'first'),
      agentFailed('a'),
      agentStarted('a'),
      log('a', 'second'),
      agentFinished('a'),
    ];
    expect((await shown('a', story)).filter((line) => line.includes('log'))).toEqual(['  log  50 ms  info  second']);
  });

  test('a name without its positions means all iterations, the first ones of very many', async () => {
    const items = Array.from({ length: 30 }, (_, i) => i);
    const story = [
      STARTED,
      stepStarted('each', 'foreach', { items }),
      ...items.flatMap((i) => [
        agentStarted(`part[${i}]`),
        agentStarted(`part[${i}]/inner`),
        agentFinished(`part[${i}]/inner`),
        agentFinished(`part[${i}]`),
      ]),
      stepFinished('each'),
    ];
    const all = await shown('part', story);
    expect(all.filter((line) => /^part\[\d+\] /.test(line))).toHaveLength(20);
    expect(all.at(-2)).toBe('and 10 more; name one, as --agent part[29]');
    expect((await shown('part/inner', story)).filter((line) => /^part\[\d+\]\/inner /.test(line))).toHaveLength(20);
    expect((await shown('part[3]', story)).filter((line) => line.startsWith('part'))).toHaveLength(1);
  });

  test('large values are cut for people', async () => {
    const output = { text: 'x'.repeat(300_000), list: Array.from({ length: 5_000 }, (_, i) => i) };
    const lines = await shown('fetch', [STARTED, agentStarted('fetch'), agentFinished('fetch', { output })]);
    expect(lines.length).toBeLessThan(80);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(200);
    expect(lines.at(-2)).toMatch(/… 4,9\d\d more lines$/);
  });

  test('one that never began is refused with those that did', async () => {
    const { code, stderr } = await tellOf(STORY, ['show', RUN, '--agent', 'fecth'], PROGRAM);
    expect([code, stderr]).toEqual([2, 'error: no agent "fecth" began in that run; did you mean "fetch"?\nthese did: fetch, sum, skip\n']);
  });

  test('--json prints the events that are about it', async () => {
    const { stdout } = await tellOf(STORY, ['show', RUN, '--agent', 'sum', '--json']);
    const events = stdout.trimEnd().split('\n');
    expect(events.map((line) => JSON.parse(line))).toEqual(numberEvents(STORY).slice(6, 10));
  });

  test('nothing that it shows can repaint the terminal', async () => {
    const story = [
      ...[STARTED, stateLoaded({ [EVIL]: EVIL }), agentStarted(EVIL), log(EVIL, EVIL), stateSet(EVIL, { [EVIL]: EVIL })],
      agentFailed(EVIL, { failure: { ...FAILURE, message: EVIL, details: { [EVIL]: EVIL } } }),
    ];
    const { stdout, code } = await tellOf(story, ['show', RUN, '--agent', EVIL]);
    expect([code, stdout]).toEqual([0, expect.not.stringMatching(CONTROLS)]);
    expect((await tellOf(story, ['show', RUN, '--verbose'])).stdout).not.toMatch(CONTROLS);
  });
});

describe('ensemble show --verbose', () => {
  test('puts what is known of each agent below its line', async () => {
    const { stdout } = await tellOf(STORY, ['show', RUN, '--verbose'], PROGRAM);
    expect(stdout.split('\n\n')[1]?.split('\n')).toEqual([
      ' 20 ms  ├─ ✓ fetch  12 ms · 2 attempts · 3 tokens · $0.5000',
      '        │     config  {"url":"https://x.example/7","headers":{"token":"[env TOKEN]"}}',
      '        │     attempt 1 failed after 30 ms, next in 1.0 s  HTTP_STATUS: it answered 500',
      '        │     output  {"rows":[1,2]}',
      ' 60 ms  ├─ ✗ sum  3 ms  HTTP_STATUS: it answered 500',
      '        │     input  {"rows":[1,2]}',
      '        │     config  {"value":[1,2]}',
      '        │     details  {"line":3}',
      '        │     state  total: 1 → 2',
      '        │     state  seen: (not set) → 9',
      '        │     log  70 ms  info  adding up',
      '100 ms  └─ ○ skip  skipped: input.go is false',
      '',
    ]);
  });

  test('of very many agents it leaves out what they were given, and says so', async () => {
    const many = Array.from({ length: 201 }, (_, i) => [agentStarted(`a${i}`), agentFinished(`a${i}`)]).flat();
    expect((await tellOf([STARTED, ...many], ['show', RUN, '--verbose'], PROGRAM)).stdout).toContain(
      'what so many agents were given is left out',
    );
  });
});
