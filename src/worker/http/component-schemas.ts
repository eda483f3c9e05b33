import eventSchema from '../../../schemas/run-event.schema.json' with { type: 'json' };
import type { JsonObject, JsonSchema } from '../../program/json.ts';
import { listOf, record, ref } from './schema-parts.ts';
import { STATE_SCHEMAS } from './state-schemas.ts';

const TEXT: JsonSchema = { type: 'string' };
const COUNT: JsonSchema = { type: 'integer', minimum: 0 };
const TIME: JsonSchema = { type: 'number', description: 'Epoch ms.' };
const MS: JsonSchema = { type: 'number', minimum: 0, description: 'Milliseconds.' };
const RATE: JsonSchema = { type: 'number', minimum: 0, maximum: 1 };
const STATUS: JsonSchema = { type: 'string', enum: ['running', 'waiting', 'paused', 'succeeded', 'failed', 'cancelled'] };

const RUN_FIELDS = {
  run: { type: 'string', pattern: '^[0-9a-z]{26}$' },
  ensemble: TEXT,
  file: TEXT,
  status: STATUS,
  started_at: TIME,
  last_event_at: TIME,
  attempt: COUNT,
  steps: COUNT,
};
const RUN_MAYBE = {
  finished_at: TIME,
  duration_ms: MS,
  agent: { type: 'string', description: 'The agent whose failure ended it.' },
  failure: ref('Failure'),
  waiting: listOf(ref('Waiting')),
  forked_from: TEXT,
  usage: ref('Usage'),
};
const RATES = { success_rate: RATE, error_rate: RATE, duration_ms: ref('Quantiles'), usage: ref('Usage') };

const OWN_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  Problem: record(
    {
      type: TEXT,
      title: TEXT,
      status: { type: 'integer' },
      code: { type: 'string', description: 'Stable: what programs look at.' },
      detail: TEXT,
    },
    {
      errors: listOf(record({ path: TEXT, message: TEXT })),
      error_id: TEXT,
      run_status: STATUS,
      approvers: listOf(TEXT),
    },
  ),
  Failure: record(
    { code: TEXT, message: TEXT },
    { retryable: { type: 'boolean' }, status: { type: 'integer' }, retryAfterMs: MS, details: {} },
  ),
  Usage: record({ input_tokens: COUNT, output_tokens: COUNT }, { cost_usd: { type: 'number', minimum: 0 } }),
  Waiting: record(
    { agent: TEXT, reason: { type: 'string', enum: ['time', 'approval', 'signal'] } },
    { until: TIME, prompt: TEXT, signal: TEXT, approvers: listOf(TEXT) },
  ),
  RunSummary: record(RUN_FIELDS, RUN_MAYBE),
  Run: record(
    { ...RUN_FIELDS, links: record({ self: TEXT, events: TEXT, program: TEXT }) },
    {
      ...RUN_MAYBE,
      output: { description: 'What the ensemble gives; any JSON.' },
      response: record({}, { status: { type: 'integer' }, headers: { type: 'object' } }),
    },
  ),
  RunPage: record({ runs: listOf(ref('RunSummary')) }, { next_cursor: TEXT }),
  Ensemble: record(
    {
      id: TEXT,
      name: TEXT,
      file: TEXT,
      hash: TEXT,
      engine: { type: 'string', enum: ['durable-object', 'workflows'] },
      triggers: listOf(ref('Trigger')),
      links: record({ self: TEXT, runs: TEXT }),
    },
    { version: TEXT, description: TEXT, input: { type: 'object', description: 'A JSON Schema; absent = any object.' } },
  ),
  EnsembleList: record({ ensembles: listOf(ref('Ensemble')) }),
  Trigger: record(
    { type: { type: 'string', enum: ['http', 'webhook', 'cron', 'queue', 'email'] } },
    {
      path: TEXT,
      methods: listOf(TEXT),
      cron: TEXT,
      timezone: TEXT,
      queue: TEXT,
      addresses: listOf(TEXT),
      auth: { type: 'string', enum: ['bearer', 'signature', 'basic'] },
    },
  ),
  Program: record({ format: { type: 'integer' }, ensemble: TEXT, file: TEXT }),
  Quantiles: record({ p50: MS, p95: MS }),
  Statistics: record({ ensembles: listOf(ref('EnsembleStatistics')) }),
  EnsembleStatistics: record(
    { ensemble: TEXT, runs: COUNT, succeeded: COUNT, failed: COUNT, cancelled: COUNT, agents: listOf(ref('AgentStatistics')) },
    RATES,
  ),
  AgentStatistics: record(
    { agent: TEXT, runs: COUNT, succeeded: COUNT, failed: COUNT, skipped: COUNT, stopped: COUNT, retries: COUNT, cache_hits: COUNT },
    RATES,
  ),
};

/** The schemas that the OpenAPI document's routes refer to, by name. */
export const COMPONENT_SCHEMAS: Readonly<Record<string, JsonSchema>> = { ...OWN_SCHEMAS, ...STATE_SCHEMAS, ...eventComponents() };

/** schemas/run-event.schema.json as components: `RunEvent`, and one a definition. */
function eventComponents(): Readonly<Record<string, JsonSchema>> {
  const {
    $schema: _,
    $defs,
    ...event
  } = JSON.parse(JSON.stringify(eventSchema).replaceAll('"#/$defs/', '"#/components/schemas/event.')) as JsonObject & {
    readonly $defs: Readonly<Record<string, JsonSchema>>;
  };
  const definitions = Object.entries($defs).map(([name, schema]) => [`event.${name}`, schema] as const);
  return { RunEvent: event, ...Object.fromEntries(definitions) };
}
