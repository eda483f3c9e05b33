import type { JsonValue } from '../../../src/program/json.ts';
import type { StateKeyPlan, StatePlan } from '../../../src/program/program.ts';
import { FailureError } from '../../../src/runtime/failure.ts';
import type { StateBackend } from '../../../src/runtime/state/backend.ts';
import { createMemoryBackend } from '../../../src/runtime/state/memory-backend.ts';
import { openState } from '../../../src/runtime/state/open-state.ts';
import type { StateOptions, StateSession } from '../../../src/runtime/state/state-session.ts';

/** A clock that a test moves by hand. */
export class HandClock {
  at = 1_000_000;
  /** What `sleep` was asked for; it returns at once, the clock moved on. */
  readonly slept: number[] = [];
  now(): number {
    return this.at;
  }
  async sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    this.at += ms;
  }
}

export function keyPlan(schema: StateKeyPlan['schema'], more: Partial<StateKeyPlan> = {}): StateKeyPlan {
  return { schema, reducer: 'replace', secret: false, ...more };
}

export function statePlan(schema: StatePlan['schema'] | undefined, more: Partial<StatePlan> = {}): StatePlan {
  const key = { type: 'constant', value: 'scope' } as const;
  return { backend: 'memory', key, persist: 'on_success', onConflict: 'merge', ...(schema === undefined ? {} : { schema }), ...more };
}

export function openSession(plan: StatePlan, options: Partial<StateOptions> = {}): Promise<StateSession> {
  return openState(plan, { scope: 'scope', run: 'run-1', backend: createMemoryBackend(), clock: new HandClock(), ...options });
}

/** A backend in which a scope already holds these values. */
export async function backendWith(values: Readonly<Record<string, JsonValue>>, at = 1_000_000): Promise<StateBackend> {
  const backend = createMemoryBackend();
  await storeInto(backend, values, at);
  return backend;
}

/** Writes as another run would. */
export async function storeInto(
  backend: StateBackend,
  values: Readonly<Record<string, JsonValue>>,
  at = 1_000_000,
  tainted = false,
): Promise<void> {
  const changes = Object.entries(values).map(([key, value]) => ({
    key,
    value,
    writes: [value],
    tainted,
    agent: 'other',
    at,
    replaces: true,
  }));
  await backend.commit('scope', {
    run: 'other-run',
    base: await backend.load('scope'),
    changes,
    onConflict: 'overwrite',
    reduce: (_key, _current, write) => write,
  });
}

/** One write of one agent. */
export function set(session: StateSession, key: string, value: unknown, options: { tainted?: boolean; at?: number; agent?: string } = {}) {
  return session.apply(options.agent ?? 'writer', [{ key, value: value as never }], options.tainted ?? false, options.at ?? 1_000_000);
}

/** What `act` fails with; a defect passes. */
export function failureOf(act: () => unknown): FailureError['failure'] {
  try {
    act();
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
  throw new Error('nothing failed');
}
