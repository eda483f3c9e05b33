import type { JsonValue } from '../../../src/program/json.ts';
import type { ScopeAddress, ScopePlace, ScopePoint, StateAsk, StateReply } from '../../../src/program/state-calls.ts';
import type { RunHost } from './run-host.ts';

/** The places of the test host. */
export const PLACES: readonly ScopePlace[] = [
  { backend: 'd1', binding: 'DB' },
  { backend: 'durable-object' },
  { backend: 'kv', binding: 'KV' },
];
/** Those of them that keep versions and a history. */
export const VERSIONED = PLACES.filter(({ backend }) => backend !== 'kv');

export async function askState<Type extends StateReply['type']>(
  host: RunHost,
  ask: StateAsk,
  type: Type,
): Promise<Extract<StateReply, { readonly type: Type }>> {
  const reply = await host.call('state', ask);
  if (reply.type !== type) throw new Error(`expected ${type}, got ${JSON.stringify(reply)}`);
  return reply as Extract<StateReply, { readonly type: Type }>;
}

export async function setKeys(host: RunHost, address: ScopeAddress, values: Readonly<Record<string, JsonValue>>, validUntil?: number) {
  const edits = Object.entries(values).map(([key, value]) => ({
    key,
    value,
    ...(validUntil === undefined ? {} : { valid_until: validUntil }),
  }));
  return await askState(host, { action: 'edit', address, edits }, 'edited');
}

export async function deleteKeys(host: RunHost, address: ScopeAddress, ...keys: readonly string[]) {
  const edits = keys.map((key) => ({ key, deleted: true }) as const);
  return await askState(host, { action: 'edit', address, edits }, 'edited');
}

export async function readContent(host: RunHost, address: ScopeAddress, point?: ScopePoint) {
  return (await askState(host, { action: 'read', address, ...(point === undefined ? {} : { point }) }, 'content')).content;
}

/** What the scope holds, as pairs in the order of the keys. */
export async function readPairs(
  host: RunHost,
  address: ScopeAddress,
  point?: ScopePoint,
): Promise<readonly (readonly [string, JsonValue])[]> {
  return (await readContent(host, address, point)).keys.map(({ key, value }) => [key, value]);
}

export async function findPlaces(host: RunHost, scope: string, place?: ScopePlace): Promise<readonly string[]> {
  const { scopes } = await askState(host, { action: 'find', scope, ...(place === undefined ? {} : { place }) }, 'found');
  return scopes.map(({ backend, binding }) => (binding === undefined ? backend : `${backend} ${binding}`));
}
