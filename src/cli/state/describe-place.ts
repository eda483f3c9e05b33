import type { ScopePlace } from '../../program/state-calls.ts';
import { harmlessLine } from '../terminal/harmless.ts';

/** `d1 DB`, `kv KV`, `durable-object`. */
export function describePlace({ backend, binding }: ScopePlace): string {
  return binding === undefined ? backend : `${backend} ${harmlessLine(binding)}`;
}
