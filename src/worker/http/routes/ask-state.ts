import type { Scope } from '../../../program/api-scopes.ts';
import type { StateAsk } from '../../../program/state-calls.ts';
import { answerJson } from '../answer-json.ts';
import { askState } from '../ask-state.ts';
import { refuse } from '../refused-request.ts';
import { ref } from '../schema-parts.ts';
import { STATE_ASK } from '../state-ask-schema.ts';
import { defineRoute, json } from './route.ts';

/** What an action needs: to read, or to change. */
const NEEDS: { readonly [Name in StateAsk['action']]: Scope } = {
  scopes: 'state:read',
  find: 'state:read',
  read: 'state:read',
  history: 'state:read',
  snapshots: 'state:read',
  edit: 'state:write',
  snapshot: 'state:write',
  restore: 'state:write',
  'forget-snapshot': 'state:write',
};

export const postState = defineRoute({
  method: 'POST',
  path: '/state',
  operation: 'askState',
  scopes: ['state:read', 'state:write'],
  isForAll: true,
  summary: 'Reads or changes state across runs, as `ensemble state` does.',
  description:
    'Reading takes the scope `state:read`; `edit`, `snapshot`, `restore` and `forget-snapshot` take `state:write`. Secret values are never shown: `reveal` is refused. What cannot be done comes as `type: refused` or `type: conflict`, with status 200.',
  parameters: {},
  query: {},
  body: { description: 'What is asked.', schema: STATE_ASK, required: true },
  responses: { 200: { description: 'The answer, by its `type`.', content: json(ref('StateReply')) } },
  async answer({ env, caller, body }) {
    const ask = body as unknown as StateAsk;
    const scope = NEEDS[ask.action];
    if (!caller.may(scope)) refuse('forbidden', `The key "${caller.name}" does not have the scope ${scope}.`);
    return answerJson(await askState(env, ask));
  },
});
