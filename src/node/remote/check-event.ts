import runEventSchema from '../../../schemas/run-event.schema.json' with { type: 'json' };
import type { JsonSchema, JsonValue } from '../../program/json.ts';
import type { RunEvent } from '../../program/run-event.ts';
import { checkSchema } from '../../runtime/schema/check-schema.ts';

type CheckedEvent =
  | { readonly event: RunEvent }
  /** Of a type that this version does not know: there may be new ones, and what is known keeps its meaning. */
  | { readonly unknown: string; readonly seq: number }
  | { readonly problem: string };

const definitions = openForMore(runEventSchema.$defs) as Readonly<Record<string, JsonSchema>>;
/** By type: a schema is prepared for the first event of its type, and checked against itself alone. */
const schemas = new Map<string, JsonSchema>();

/** What another machine sent as an event of a run, held against the schema of events: what is drawn from events on a terminal relies on their shape. */
export function checkEvent(value: unknown): CheckedEvent {
  if (typeof value !== 'object' || value === null || !('type' in value) || !('seq' in value)) return { problem: 'it is no event' };
  const { type, seq } = value;
  if (typeof type !== 'string' || typeof seq !== 'number' || !Number.isSafeInteger(seq)) return { problem: 'it is no event' };
  if (!Object.hasOwn(definitions, type)) return { unknown: type, seq };
  const [problem] = checkSchema(schemaOf(type), value as JsonValue);
  return problem === undefined ? { event: value as RunEvent } : { problem: `${problem.path} ${problem.message}`.trim() };
}

function schemaOf(type: string): JsonSchema {
  let schema = schemas.get(type);
  if (schema === undefined) {
    schema = { $defs: definitions as JsonSchema, $ref: `#/$defs/${type}` };
    schemas.set(type, schema);
  }
  return schema;
}

/** The schema without what forbids properties that it does not list: a newer Worker may tell more. */
function openForMore(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(openForMore);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).filter(([key, value]) => !(key === 'additionalProperties' && value === false));
  return Object.fromEntries(entries.map(([key, value]) => [key, openForMore(value)]));
}
