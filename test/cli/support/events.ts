import type { EventBody, RunEvent } from '../../../src/program/run-event.ts';

/** Numbers event bodies as one run, `stepMs` apart. */
export function numberEvents(bodies: readonly EventBody[], stepMs = 10): readonly RunEvent[] {
  return bodies.map((body, seq) => ({ seq, at: 1_800_000_000_000 + seq * stepMs, run: 'r'.repeat(26), ...body }));
}

export const STARTED: EventBody = {
  type: 'run.started',
  format: 1,
  ensemble: 'shop',
  file: 'ensembles/shop.yaml',
  program: 'abc',
  input: {},
  agents: ['fetch', 'sum'],
  attempt: 1,
};

export const finished = (extra: Partial<Extract<EventBody, { type: 'run.finished' }>> = {}): EventBody => ({
  type: 'run.finished',
  status: 'succeeded',
  duration_ms: 1_234,
  steps: 2,
  ...extra,
});

export const agentFinished = (agent: string, extra: Partial<Extract<EventBody, { type: 'agent.finished' }>> = {}): EventBody => ({
  type: 'agent.finished',
  agent,
  attempts: 1,
  duration_ms: 12,
  tainted: false,
  ...extra,
});

export const FAILURE = { code: 'HTTP_STATUS', message: 'it answered 500', retryable: true } as const;

export const agentStarted = (agent: string, extra: { readonly compensates?: string } = {}): EventBody => ({
  type: 'agent.started',
  agent,
  operation: 'http',
  ...extra,
});

export const agentFailed = (agent: string, extra: Partial<Extract<EventBody, { type: 'agent.failed' }>> = {}): EventBody => ({
  type: 'agent.failed',
  agent,
  failure: FAILURE,
  attempts: 1,
  duration_ms: 3,
  handled: false,
  tainted: false,
  ...extra,
});

type StepStarted = Extract<EventBody, { type: 'step.started' }>;

export const stepStarted = (step: string, kind: StepStarted['kind'], extra: Partial<StepStarted> = {}): EventBody => ({
  type: 'step.started',
  step,
  kind,
  ...extra,
});

export const stepFinished = (step: string, extra: Partial<Extract<EventBody, { type: 'step.finished' }>> = {}): EventBody => ({
  type: 'step.finished',
  step,
  duration_ms: 40,
  tainted: false,
  ...extra,
});
