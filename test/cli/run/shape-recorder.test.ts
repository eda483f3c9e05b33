import { describe, expect, test } from 'vitest';
import { ShapeRecorder } from '../../../src/cli/run/shape-recorder.ts';
import type { EventBody, RunEvent } from '../../../src/program/run-event.ts';
import { programOf } from '../support/program-of.ts';

const INNER = 'agent: inner\noperations:\n  - name: step\n    operation: transform\n    config: { value: 1 }\n';

const TEXT = `ensemble: e
state:
  schema: { total: number }
agents:
  - name: one
    operation: transform
    config: { value: 1 }
    state: { set: { total: "\${one.output}" } }
  - name: outer
    agent: inner
  - name: rows
    operation: transform
    loop: { items: "\${[1]}" }
    config: { value: "\${item}" }
  - name: each
    type: foreach
    items: \${[1]}
    steps:
      - { name: part, operation: transform, config: { value: "\${item}" } }
output: \${state.total}
`;

function record(events: readonly EventBody[]) {
  const seen: RunEvent[] = [];
  const next = { event: (event: RunEvent) => seen.push(event), notice: () => {}, close: () => {} };
  const recorder = new ShapeRecorder(programOf(TEXT, { inner: INNER }), next);
  const sent = events.map((body, seq) => ({ seq, at: 0, run: 'r', ...body }));
  for (const event of sent) recorder.event(event);
  expect(seen).toEqual(sent);
  return recorder.shapes();
}

const finished = (agent: string, output: never): EventBody => ({
  type: 'agent.finished',
  agent,
  output,
  attempts: 1,
  duration_ms: 1,
  tainted: false,
});

describe('the recorder of shapes', () => {
  test('keeps the kinds of outputs and state keys, by the file that the agent stands in', () => {
    const shapes = record([
      { type: 'state.loaded', scope: 'e', backend: 'memory', values: {}, initial: { total: 0 } },
      finished('one', { id: 1, name: 'Ada' } as never),
      { type: 'state.set', agent: 'one', values: { total: 5, 'ada@example.com': 1 }, writes: { total: 5 }, tainted: [] },
      finished('outer/step', ['x'] as never),
      finished('outer', { done: true } as never),
      finished('nobody', 1 as never),
    ]);
    expect(Object.fromEntries(shapes)).toEqual({
      'ensembles/e.yaml': {
        format: 1,
        agents: {
          one: { kind: 'object', properties: { id: { kind: 'number' }, name: { kind: 'string' } } },
          outer: { kind: 'object', properties: { done: { kind: 'boolean' } } },
        },
        state: { total: { kind: 'number' } },
      },
      'agents/inner.yaml': { format: 1, agents: { step: { kind: 'list', items: { kind: 'string' } } }, state: {} },
    });
  });

  test('keeps those of iterations by the name of the agent, and of loops and named flow steps the list', () => {
    const stepFinished = (step: string, output: never): EventBody => ({
      type: 'step.finished',
      step,
      output,
      duration_ms: 1,
      tainted: false,
    });
    const shapes = record([
      finished('rows[0]', 'x' as never),
      stepFinished('rows', ['x'] as never),
      finished('part[0]', { id: 1 } as never),
      stepFinished('each', [{ id: 1 }] as never),
    ]);
    const part = { kind: 'object', properties: { id: { kind: 'number' } } };
    expect(shapes.get('ensembles/e.yaml')?.agents).toEqual({
      rows: { kind: 'list', items: { kind: 'string' } },
      part,
      each: { kind: 'list', items: part },
    });
  });

  test('joins what an agent gave each time, and hands on events beyond its budget without looking', () => {
    const large = Array.from({ length: 20 }, () => Array.from({ length: 20 }, () => 'x'));
    const shapes = record([
      finished('one', 1 as never),
      finished('one', 'x' as never),
      ...Array.from({ length: 100 }, () => finished('one', large as never)),
      finished('outer', 1 as never),
    ]);
    expect(shapes.get('ensembles/e.yaml')?.agents.one).toEqual({
      kind: 'union',
      of: [{ kind: 'number' }, { kind: 'string' }, { kind: 'list', items: { kind: 'list', items: { kind: 'string' } } }],
    });
    expect(shapes.get('ensembles/e.yaml')?.agents.outer).toBeUndefined();
  });
});
