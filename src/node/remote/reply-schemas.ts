import { PROGRAM_FORMAT } from '../../program/program.ts';
import type { StateAsk, StateReply } from '../../program/state-calls.ts';
import type { ReplyName } from './read-reply.ts';

const TEXT = { type: 'string' } as const;
const COUNT = { type: 'integer', minimum: 0 } as const;
const FLAG = { type: 'boolean' } as const;
/** Within what dates can be made of. */
const TIME = { type: 'number', minimum: 0, maximum: 8_640_000_000_000_000 } as const;
const RUN = { type: 'string', pattern: '^[0-9a-z]{26}$' } as const;

const object = (required: Readonly<Record<string, unknown>>, optional: Readonly<Record<string, unknown>> = {}) => ({
  type: 'object',
  properties: { ...required, ...optional },
  required: Object.keys(required),
});
const list = (items: unknown) => ({ type: 'array', items });

const ENSEMBLE = object({ id: TEXT }, { input: { type: ['object', 'boolean'] } });
const WAITING = object(
  { agent: TEXT, reason: { enum: ['approval', 'signal', 'time'] } },
  { until: TIME, prompt: TEXT, signal: TEXT, approvers: list(TEXT) },
);
const SUMMARY = object(
  {
    run: RUN,
    ensemble: TEXT,
    status: { enum: ['running', 'waiting', 'paused', 'succeeded', 'failed', 'cancelled'] },
    started_at: TIME,
    last_event_at: TIME,
  },
  {
    duration_ms: TIME,
    agent: TEXT,
    failure: object({ code: { type: 'string', pattern: '^[A-Z][A-Z_]*$' }, message: TEXT }),
    waiting: list(WAITING),
  },
);

const NUMBER = { type: 'number' } as const;
const USAGE = object({}, { input_tokens: NUMBER, output_tokens: NUMBER, cost_usd: NUMBER });
const RATES = {
  success_rate: NUMBER,
  error_rate: NUMBER,
  duration_ms: object({ p50: NUMBER, p95: NUMBER }),
  usage: USAGE,
} as const;
const AGENT_STATISTICS = object(
  {
    agent: TEXT,
    ...{ runs: COUNT, succeeded: COUNT, failed: COUNT, skipped: COUNT, stopped: COUNT, retries: COUNT, cache_hits: COUNT },
  },
  RATES,
);
const STATISTICS = object(
  { ensemble: TEXT, runs: COUNT, succeeded: COUNT, failed: COUNT, cancelled: COUNT, agents: list(AGENT_STATISTICS) },
  RATES,
);

const BACKEND = { enum: ['kv', 'd1', 'durable-object'] } as const;
const PLACE = object({ backend: BACKEND }, { binding: TEXT });
const SCOPE = object(
  { backend: BACKEND, scope: TEXT },
  {
    binding: TEXT,
    ensemble: TEXT,
    run: TEXT,
    last_at: TIME,
    schema: { type: 'object', additionalProperties: object({ schema: {}, secret: FLAG }) },
  },
);
const WRITTEN = { at: TIME, valid_until: TIME, version: COUNT, run: TEXT, agent: TEXT, attempt: COUNT, committed_at: TIME } as const;
const KEY = object({ key: TEXT, value: {}, tainted: FLAG }, WRITTEN);
const CHANGE = object({ key: TEXT, version: COUNT, run: TEXT, agent: TEXT, at: TIME }, { ...WRITTEN, value: {}, deleted: FLAG });
const SNAPSHOT = object({ name: TEXT, at: TIME, keys: COUNT }, { version: COUNT });
const KEYS = { keys: list(TEXT) } as const;

const STATE: { readonly [Type in StateReply['type']]: object } = {
  scopes: object({ scopes: list(SCOPE) }),
  found: object({ scopes: list(SCOPE), looked: list(PLACE) }),
  content: object({ content: object({ keys: list(KEY) }, { version: COUNT, committed_at: TIME }), at: TIME }),
  history: object({ changes: list(CHANGE) }, { next: COUNT }),
  edited: object(KEYS, { version: COUNT }),
  conflict: object({ ...KEYS, version: COUNT }),
  snapshot: object({ snapshot: SNAPSHOT }),
  snapshots: object({ snapshots: list(SNAPSHOT) }),
  done: object({}),
  refused: object({ message: TEXT }),
};

const PROGRAM = object({
  format: { const: PROGRAM_FORMAT },
  ensemble: TEXT,
  file: TEXT,
  body: object({ steps: list({ type: 'object' }), state: { type: 'object' } }),
  files: { type: 'object', additionalProperties: object({ file: TEXT, body: object({ steps: list({ type: 'object' }) }) }) },
  modules: { type: 'object' },
});

/** One of these, or a refusal. */
const state = (...types: readonly StateReply['type'][]) => ({
  oneOf: [...types, 'refused' as const].map((type) => ({ allOf: [object({ type: { const: type } }), STATE[type]] })),
});

const OF_STATE: { readonly [Action in StateAsk['action'] as `state ${Action}`]: unknown } = {
  'state scopes': state('scopes'),
  'state find': state('found'),
  'state read': state('content'),
  'state history': state('history'),
  'state edit': state('edited', 'conflict'),
  'state snapshot': state('snapshot'),
  'state snapshots': state('snapshots'),
  'state restore': state('edited'),
  'state forget-snapshot': state('done'),
};

/** What is relied on where replies are shown; they may say more. Drawing on a terminal takes it for granted. */
export const REPLY_SCHEMAS: { readonly [Name in ReplyName]: unknown } = {
  ensemble: ENSEMBLE,
  ensembles: object({ ensembles: list(ENSEMBLE) }),
  started: object({ run: RUN }),
  runs: object({ runs: list(SUMMARY) }, { next_cursor: TEXT }),
  program: { oneOf: [object({ format: { type: 'integer', not: { const: PROGRAM_FORMAT } } }), PROGRAM] },
  statistics: object({ ensembles: list(STATISTICS) }),
  ...OF_STATE,
};
