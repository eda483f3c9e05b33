import type { ScopeAddress, ScopeSchema, StateAsk, StateReply } from '../../program/state-calls.ts';
import { getOwn } from '../../runtime/own-property.ts';
import { state } from '../calls/state.ts';
import { findScopes } from '../state/find-scopes.ts';
import type { WorkerEnv } from '../worker-env.ts';

/** What a host answers, without the values of keys that an ensemble holds secret: here nobody is shown them. */
export async function askState(env: WorkerEnv, ask: StateAsk): Promise<StateReply> {
  const reply = await state(ask, env);
  if (!('address' in ask) || (reply.type !== 'content' && reply.type !== 'history')) return reply;
  const secret = await readSecretKeys(env, ask.address);
  if (reply.type === 'history') return { ...reply, changes: reply.changes.map((change) => cover(change, secret)) };
  return { ...reply, content: { ...reply.content, keys: reply.content.keys.map((entry) => cover(entry, secret)) } };
}

async function readSecretKeys(env: WorkerEnv, { scope, ...place }: ScopeAddress): Promise<ScopeSchema> {
  const { scopes } = await findScopes(env, scope, place);
  return scopes.find(({ schema }) => schema !== undefined)?.schema ?? {};
}

function cover<Entry extends { readonly key: string; readonly value?: unknown }>(entry: Entry, schema: ScopeSchema): Entry {
  const plan = getOwn(schema, entry.key) as ScopeSchema[string] | undefined;
  return plan?.secret === true && entry.value !== undefined ? { ...entry, value: `[secret ${entry.key}]` } : entry;
}
