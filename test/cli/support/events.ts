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
