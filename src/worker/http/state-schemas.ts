import type { JsonSchema } from '../../program/json.ts';
import { listOf, record, ref } from './schema-parts.ts';

const TEXT: JsonSchema = { type: 'string' };
const TIME: JsonSchema = { type: 'number', description: 'Epoch ms.' };
const VERSION: JsonSchema = { type: 'integer', minimum: 0 };

const ADDRESS = { backend: { type: 'string', enum: ['kv', 'd1', 'durable-object'] }, scope: TEXT } as const;
const BINDING = { binding: TEXT };
const MOMENT = record({ at: TIME }, { version: VERSION });
const DIFFERENCES = listOf(ref('KeyDifference'));
const WRITTEN = {
  tainted: { type: 'boolean' },
  at: TIME,
  valid_until: TIME,
  version: VERSION,
  run: TEXT,
  agent: TEXT,
  attempt: { type: 'integer' },
  committed_at: TIME,
};

/** The schemas of what the routes of state answer, by name. */
export const STATE_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  Scope: record(ADDRESS, {
    ...BINDING,
    ensemble: TEXT,
    run: TEXT,
    last_at: TIME,
    schema: { type: 'object' },
    unreachable: { const: true },
  }),
  ScopeList: record({ scopes: listOf(ref('Scope')) }),
  ScopeKey: record({ key: TEXT, value: {} }, WRITTEN),
  ScopeContent: record({ ...ADDRESS, at: TIME, keys: listOf(ref('ScopeKey')) }, { ...BINDING, version: VERSION, committed_at: TIME }),
  ScopeChange: record(
    { key: TEXT, at: TIME, version: VERSION, run: TEXT, agent: TEXT },
    { ...WRITTEN, value: {}, deleted: { const: true } },
  ),
  ScopeHistory: record({ ...ADDRESS, changes: listOf(ref('ScopeChange')) }, { ...BINDING, next: { type: 'integer' } }),
  KeyDifference: record({ key: TEXT }, { before: ref('ScopeKey'), after: ref('ScopeKey') }),
  ScopeDiff: record(
    { ...ADDRESS, from: MOMENT, to: MOMENT, created: DIFFERENCES, updated: DIFFERENCES, deleted: DIFFERENCES, expired: DIFFERENCES },
    BINDING,
  ),
  StateReply: {
    type: 'object',
    properties: {
      type: {
        type: 'string',
        enum: ['scopes', 'found', 'content', 'history', 'edited', 'conflict', 'snapshot', 'snapshots', 'done', 'refused'],
      },
    },
    required: ['type'],
  },
};
