import type { JsonValue } from '../program/json.ts';
import type { Scope } from '../runtime/expression/scope.ts';
import { readVariables } from './variables.ts';

/** What an expression of a trigger reads that is worked out before there is a run: `env`, and `trigger` where something is known of it (`invalid-trigger-read`). The rest is undefined. */
export function scopeBeforeRun(env: object, trigger?: JsonValue): Scope {
  const none = undefined;
  return {
    ...{ input: none, state: none, run: none, item: none, index: none, loop: none, error: none, mapResults: none },
    env: readVariables(env),
    trigger,
    agents: new Map(),
    now: () => Date.now(),
    uuid: () => crypto.randomUUID(),
    random: () => Math.random(),
  };
}
