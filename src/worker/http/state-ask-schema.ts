import type { JsonSchema } from '../../program/json.ts';
import type { StateAsk } from '../../program/state-calls.ts';

type Action = StateAsk['action'];

const NAME: JsonSchema = { type: 'string', minLength: 1, maxLength: 1_024 };
const VERSION: JsonSchema = { type: 'integer', minimum: 0 };
const TIME: JsonSchema = { type: 'number', description: 'Epoch ms.' };

const PLACE_FIELDS = { backend: { type: 'string', enum: ['kv', 'd1', 'durable-object'] }, binding: NAME } as const;
const PLACE = object(PLACE_FIELDS, ['backend']);
const ADDRESS = object({ ...PLACE_FIELDS, scope: NAME }, ['backend', 'scope']);
const POINT: JsonSchema = {
  oneOf: [
    object({ type: { const: 'version' }, version: VERSION }),
    object({ type: { const: 'time' }, at: TIME }),
    object({ type: { const: 'before-run' }, run: NAME }),
    object({ type: { const: 'after-run' }, run: NAME }),
    object({ type: { const: 'snapshot' }, name: NAME }),
  ],
};
const EDIT: JsonSchema = {
  oneOf: [object({ key: NAME, value: {}, valid_until: TIME }, ['key', 'value']), object({ key: NAME, deleted: { const: true } })],
};
const KEY_PLAN = object({ schema: { type: 'object' }, valid_for_ms: { type: 'number' }, secret: { type: 'boolean' } }, [
  'schema',
  'secret',
]);

/** What each action takes besides its name (`StateAsk`), and what of it must be there. */
const ACTIONS: { readonly [Name in Action]: readonly [fields: Readonly<Record<string, JsonSchema>>, required: readonly string[]] } = {
  scopes: [{}, []],
  find: [{ scope: NAME, place: PLACE }, ['scope']],
  read: [{ address: ADDRESS, point: POINT, reveal: { const: false } }, ['address']],
  history: [{ address: ADDRESS, key: NAME, since: VERSION, after: VERSION, reveal: { const: false } }, ['address']],
  edit: [
    {
      address: ADDRESS,
      edits: { type: 'array', items: EDIT, maxItems: 1_000 },
      version: VERSION,
      ensemble: NAME,
      schema: { type: 'object', additionalProperties: KEY_PLAN },
    },
    ['address', 'edits'],
  ],
  snapshot: [{ address: ADDRESS, name: NAME, replace: { type: 'boolean' } }, ['address', 'name', 'replace']],
  snapshots: [{ address: ADDRESS }, ['address']],
  restore: [{ address: ADDRESS, point: POINT }, ['address', 'point']],
  'forget-snapshot': [{ address: ADDRESS, name: NAME }, ['address', 'name']],
};

/** What `POST /state` takes. */
export const STATE_ASK: JsonSchema = {
  oneOf: Object.entries(ACTIONS).map(([action, [fields, required]]) =>
    object({ action: { const: action }, ...fields }, ['action', ...required]),
  ),
};

function object(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[] = Object.keys(properties)): JsonSchema {
  return { type: 'object', properties, required: [...required], additionalProperties: false };
}
