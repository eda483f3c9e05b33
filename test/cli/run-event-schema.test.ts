import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { RunEvent, RunEventType } from '../../src/program/run-event.ts';
import { agentFinished, finished, numberEvents, STARTED } from './support/events.ts';

const schema = JSON.parse(readFileSync(new URL('../../schemas/run-event.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ allErrors: true, discriminator: false }).compile<RunEvent>(schema);
const problems = (event: unknown) =>
  validate(event) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

const failure = { code: 'HTTP_STATUS', message: 'no', retryable: true, status: 429, retryAfterMs: 1_000, details: { body: 'x' } } as const;
const usage = { input_tokens: 1, output_tokens: 2, cost_usd: 0.5 };
const response = { status: 200, ok: true, headers: { a: 'b' }, url: 'https://x' };

/** One event of each type with all that it may carry; the type makes the compiler ask for a new one here. */
const EXAMPLES: { readonly [Type in RunEventType]: Omit<Extract<RunEvent, { type: Type }>, 'seq' | 'at' | 'run'> } = {
  'run.started': {
    type: 'run.started',
    format: 1,
    ensemble: 'a',
    file: 'a.yaml',
    program: 'h',
    input: {},
    trigger: {},
    agents: ['a'],
    attempt: 1,
  },
  'run.resumed': { type: 'run.resumed', attempt: 2, program: 'h', agents: ['a'] },
  'run.forked': { type: 'run.forked', from: 'r', agent: 'a', values: { a: 1 } },
  'run.paused': { type: 'run.paused', reason: 'r' },
  'run.continued': { type: 'run.continued' },
  'run.stopping': { type: 'run.stopping', agent: 'a', status: 'failed', failure },
  'run.answered': { type: 'run.answered', agent: 'a', approved: true, feedback: 'f', approver: 'ada', data: { a: 1 } },
  'run.signalled': { type: 'run.signalled', name: 'n', data: { a: 1 }, agent: 'a' },
  'value.drawn': { type: 'value.drawn', agent: 'a', source: 'now', value: 1 },
  'run.waiting': {
    type: 'run.waiting',
    agent: 'a',
    reason: 'approval',
    until: 1,
    prompt: 'p',
    data: { sum: 1 },
    approvers: ['ada'],
    signal: 'n',
  },
  'run.finished': {
    type: 'run.finished',
    status: 'failed',
    output: 1,
    response: { status: 200, headers: {} },
    failure,
    agent: 'a',
    duration_ms: 1.5,
    steps: 1,
    usage,
  },
  'run.compensating': { type: 'run.compensating', agents: ['b', 'a'], agent: 'outer' },
  'agent.started': { type: 'agent.started', agent: 'a', operation: 'http', compensates: 'b' },
  'attempt.started': { type: 'attempt.started', agent: 'a', attempt: 1 },
  'attempt.failed': { type: 'attempt.failed', agent: 'a', attempt: 1, failure, retry_in_ms: 0.5, usage },
  'agent.finished': {
    type: 'agent.finished',
    agent: 'a',
    output: null,
    attempts: 1,
    duration_ms: 1,
    tainted: true,
    cached: true,
    response,
    usage,
    model: 'm',
    log_count: 1,
  },
  'agent.failed': {
    type: 'agent.failed',
    agent: 'a',
    failure,
    attempts: 1,
    duration_ms: 1,
    handled: true,
    stopped: true,
    tainted: false,
    response,
    usage,
    model: 'm',
  },
  'agent.skipped': { type: 'agent.skipped', agent: 'a', condition: 'c', saw: null },
  'step.started': { type: 'step.started', step: 'each[1]', kind: 'foreach', items: [1, 'a'], branches: 2 },
  'step.decided': { type: 'step.decided', step: 'a', took: 'then', saw: null, round: 0 },
  'step.finished': { type: 'step.finished', step: 'a', output: [1], duration_ms: 1, tainted: false, rounds: 1 },
  'step.failed': { type: 'step.failed', step: 'a', failure, agent: 'b', duration_ms: 1, handled: false, tainted: true },
  'state.loaded': {
    type: 'state.loaded',
    scope: 's',
    backend: 'd1',
    agent: 'a',
    version: 0,
    values: {},
    written_at: { a: 1 },
    tainted: ['a'],
  },
  'state.set': { type: 'state.set', agent: 'a', values: {}, writes: {}, tainted: [] },
  'state.failed': { type: 'state.failed', scope: 's', backend: 'kv', agent: 'a', failure },
  'state.committed': { type: 'state.committed', scope: 's', backend: 'kv', agent: 'a', version: 1, keys: ['a'], merged: false },
  log: { type: 'log', agent: 'a', level: 'info', message: 'm' },
  warning: { type: 'warning', code: 'c', message: 'm', agent: 'a' },
};
const HEADER = { seq: 0, at: 1_800_000_000_000, run: '0'.repeat(26) };

describe('schemas/run-event.schema.json', () => {
  test.each(Object.values(EXAMPLES))('knows $type with all that it may carry', (body) => {
    expect(problems({ ...HEADER, ...body })).toEqual([]);
  });

  test('has a definition for every type of event and for no other', () => {
    const types = schema.oneOf.map(({ $ref }: { $ref: string }) => $ref.replace('#/$defs/', ''));
    expect(types.toSorted()).toEqual(Object.keys(EXAMPLES).toSorted());
  });

  test('refuses what is no event', () => {
    expect(problems({ ...HEADER, type: 'agent.exploded' })).not.toEqual([]);
    expect(problems({ ...HEADER, ...EXAMPLES.log, level: 'loud' })).not.toEqual([]);
    expect(problems({ ...HEADER, ...EXAMPLES.log, extra: 1 })).not.toEqual([]);
    expect(problems(EXAMPLES.log)).not.toEqual([]);
  });

  test('takes the events that the reporters are tested with', () => {
    for (const event of numberEvents([STARTED, agentFinished('a'), finished()])) expect(problems(event)).toEqual([]);
  });
});
