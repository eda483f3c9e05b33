import { describe, expect, test } from 'vitest';
import type { Bindings } from '../../../src/runtime/ports.ts';
import { createStateBackends } from '../../../src/runtime/state/state-backends.ts';
import { createVersionedBackend } from '../../../src/runtime/state/versioned-backend.ts';
import { HandClock, statePlan } from './state-plan.ts';

const NO_BINDINGS: Bindings = {
  kv: () => undefined,
  d1: () => undefined,
  r2: () => undefined,
  names: (kind) => (kind === 'd1' ? ['DB', 'OTHER'] : []),
  ai: () => undefined,
};

function choose(backend: 'memory' | 'kv' | 'd1' | 'durable-object', binding?: string) {
  const backends = createStateBackends({ bindings: NO_BINDINGS, clock: new HandClock(), uuid: () => 'id' });
  return backends(statePlan(undefined, { backend, ...(binding === undefined ? {} : { binding }) }));
}

describe('choosing a state backend', () => {
  test.each([
    ['kv', undefined, 'state.backend is kv, but no kv binding is configured. Add one'],
    ['d1', 'STATE', 'state.backend is d1, but there is no d1 binding "STATE". Configured: DB, OTHER. Add one'],
    ['durable-object', undefined, 'no binding for the StateObject class'],
  ] as const)('%s without its binding fails with BINDING_MISSING', (backend, binding, message) => {
    expect(() => choose(backend, binding)).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code: 'BINDING_MISSING' }) }),
    );
    expect(() => choose(backend, binding)).toThrow(message);
  });

  test('gives all memory scopes of a run the same backend, and another run another', () => {
    const ports = { bindings: NO_BINDINGS, clock: new HandClock(), uuid: () => 'id' };
    const run = createStateBackends(ports);
    expect(run(statePlan(undefined))).toBe(run(statePlan(undefined)));
    expect(createStateBackends(ports)(statePlan(undefined))).not.toBe(run(statePlan(undefined)));
  });
});

describe('a store that throws', () => {
  test('fails with STATE_BACKEND, naming scope and backend, worth another attempt', async () => {
    const lost = () => Promise.reject(new Error('Network connection lost.'));
    const backend = createVersionedBackend({ name: 'd1', read: lost, write: lost, history: lost });
    const failure = {
      code: 'STATE_BACKEND',
      retryable: true,
      message: 'The state scope "s" could not be read (d1): Network connection lost.',
    };
    await expect(backend.load('s')).rejects.toMatchObject({ failure });
    await expect(backend.history?.('s', 0)).rejects.toMatchObject({ failure });
  });
});
