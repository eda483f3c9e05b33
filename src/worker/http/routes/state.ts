import type { LastingBackend, ScopeAddress, ScopePoint, ScopeSummary, StateAsk, StateReply } from '../../../program/state-calls.ts';
import { diffScope, type KeyDifference } from '../../../runtime/state/inspect/diff-scope.ts';
import { findScopes } from '../../state/find-scopes.ts';
import type { WorkerEnv } from '../../worker-env.ts';
import { answerJson } from '../answer-json.ts';
import { askState } from '../ask-state.ts';
import { BACKEND, BINDING, number, SCOPE as SCOPE_NAME, text } from '../parameters.ts';
import { refuse } from '../refused-request.ts';
import { ref } from '../schema-parts.ts';
import { scopePoint } from '../scope-point.ts';
import { defineRoute, json } from './route.ts';

const SCOPE = 'state:read';
const PLACE = { backend: BACKEND, scope: SCOPE_NAME };
const MAX_VERSION = 9_999_999_999;

export const listState = defineRoute({
  method: 'GET',
  path: '/state',
  operation: 'listState',
  scopes: [SCOPE],
  isForAll: true,
  summary: 'The scopes of state that are known.',
  parameters: {},
  query: {},
  responses: { 200: { description: 'All of them.', content: json(ref('ScopeList')) } },
  async answer({ env }) {
    const reply = expectReply(await askState(env, { action: 'scopes' }), 'scopes');
    return answerJson({ scopes: reply.scopes });
  },
});

export const getState = defineRoute({
  method: 'GET',
  path: '/state/{backend}/{scope}',
  operation: 'getState',
  scopes: [SCOPE],
  isForAll: true,
  summary: 'What a scope holds, or held.',
  parameters: PLACE,
  query: { binding: BINDING, point: scopePoint('As it was then.', 'after-run') },
  responses: {
    200: { description: 'Its keys with their values; those of secret keys are not shown.', content: json(ref('ScopeContent')) },
  },
  async answer({ env, path, query }) {
    const address = await reachScope(env, path, query.binding);
    const { content, at } = await readPoint(env, address, query.point);
    return answerJson({ ...addressOf(address), at, ...content });
  },
});

export const getStateHistory = defineRoute({
  method: 'GET',
  path: '/state/{backend}/{scope}/history',
  operation: 'getStateHistory',
  scopes: [SCOPE],
  isForAll: true,
  summary: 'What was written to a scope, oldest first.',
  description: 'kv keeps no history.',
  parameters: PLACE,
  query: {
    binding: BINDING,
    key: text('Of one key.'),
    since: number('Of later versions only.', { minimum: 0, maximum: MAX_VERSION }),
    after: number('The `next` of the page before.', { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  },
  responses: { 200: { description: 'A page of changes. Without `next` it is the last one.', content: json(ref('ScopeHistory')) } },
  async answer({ env, path, query: { binding, key, since, after } }) {
    const address = await reachScope(env, path, binding);
    const ask: StateAsk = {
      action: 'history',
      address: addressOf(address),
      ...(key === undefined ? {} : { key }),
      ...(since === undefined ? {} : { since }),
      ...(after === undefined ? {} : { after }),
    };
    const { changes, next } = expectReply(await askState(env, ask), 'history');
    return answerJson({ ...addressOf(address), changes, ...(next === undefined ? {} : { next }) });
  },
});

export const getStateDiff = defineRoute({
  method: 'GET',
  path: '/state/{backend}/{scope}/diff',
  operation: 'getStateDiff',
  scopes: [SCOPE],
  isForAll: true,
  summary: 'What changed in a scope between two points.',
  parameters: PLACE,
  query: {
    binding: BINDING,
    from: scopePoint('From where; required. A run: before it first wrote.', 'before-run'),
    to: scopePoint('To where; now unless told. A run: after it last wrote.', 'after-run'),
  },
  responses: { 200: { description: 'The keys that runs see differently.', content: json(ref('ScopeDiff')) } },
  async answer({ env, path, query: { binding, from, to } }) {
    if (from === undefined) return refuse('bad-request', 'The query parameter `from` is missing: it says from where.');
    const address = await reachScope(env, path, binding);
    const [since, until] = await Promise.all([readPoint(env, address, from), readPoint(env, address, to)]);
    const differences = diffScope(since, until, address.schema);
    const of = (type: KeyDifference['type']) => differences.filter((one) => one.type === type).map(({ type: _, ...one }) => one);
    const [was, is] = [since, until].map(({ at, content: { version } }) => ({ at, ...(version === undefined ? {} : { version }) }));
    const changed = { created: of('created'), updated: of('updated'), deleted: of('deleted'), expired: of('expired') };
    return answerJson({ ...addressOf(address), from: was, to: is, ...changed });
  },
});

interface PlaceNames {
  readonly backend: LastingBackend;
  readonly scope: string;
}

/** Where the scope lies. Looking creates nothing: a scope that holds nothing is not there (404). */
async function reachScope(env: WorkerEnv, { backend, scope }: PlaceNames, binding: string | undefined): Promise<ScopeSummary> {
  const { scopes } = await findScopes(env, scope, { backend, ...(binding === undefined ? {} : { binding }) });
  return scopes.find(({ unreachable }) => unreachable !== true) ?? refuse('not-found', `There is no such scope in ${backend}.`);
}

function addressOf({ backend, binding, scope }: ScopeSummary): ScopeAddress {
  return { backend, ...(binding === undefined ? {} : { binding }), scope };
}

async function readPoint(env: WorkerEnv, scope: ScopeSummary, point: ScopePoint | undefined) {
  const ask: StateAsk = { action: 'read', address: addressOf(scope), ...(point === undefined ? {} : { point }) };
  return expectReply(await askState(env, ask), 'content');
}

type ReplyOf<Type extends StateReply['type']> = Extract<StateReply, { readonly type: Type }>;

/** Throws RefusedRequest for what cannot be: a version that is not kept, a snapshot that is not there. */
function expectReply<Type extends StateReply['type']>(reply: StateReply, type: Type): ReplyOf<Type> {
  if (reply.type === type) return reply as ReplyOf<Type>;
  return refuse('not-found', reply.type === 'refused' ? reply.message : 'There is no such state.');
}
