import runEventSchema from '../../schemas/run-event.schema.json' with { type: 'json' };
import type { JsonSchema, JsonValue } from '../program/json.ts';
import type { RunEvent } from '../program/run-event.ts';
import { checkSchema } from '../runtime/schema/check-schema.ts';

type CheckedEvent =
  | { readonly event: RunEvent }
  /** Of a type that this version does not know: there may be new ones, and what is known keeps its meaning. */
  | { readonly unknown: string; readonly seq: number }
  | { readonly problem: string };

const BOUNDS: ReadonlySet<string> = new Set(['minimum', 'pattern']);

/** The schema of each type of event, prepared for the first event of its type and checked against itself alone. */
class EventSchemas {
  readonly #definitions: Readonly<Record<string, JsonSchema>>;
  readonly #known = new Map<string, JsonSchema>();

  constructor(definitions: unknown) {
    this.#definitions = definitions as Readonly<Record<string, JsonSchema>>;
  }

  get(type: string): JsonSchema | undefined {
    if (!Object.hasOwn(this.#definitions, type)) return undefined;
    let schema = this.#known.get(type);
    if (schema === undefined) {
      schema = { $defs: this.#definitions as JsonSchema, $ref: `#/$defs/${type}` };
      this.#known.set(type, schema);
    }
    return schema;
  }
}

const schemas = {
  told: new EventSchemas(openForMore(runEventSchema.$defs)),
  stored: new EventSchemas(openForMore(runEventSchema.$defs, true)),
};

/**
 * An event of a run held against the schema of events: what is drawn from events on a terminal relies on their shape. `told`: another machine sent it. `stored`: it lies in a database on this one, where
 * somebody may have changed it; but a run whose clock was set back, or whose model counts tokens in its own way, wrote figures that the schema does not allow, and they are shown.
 */
export function checkEvent(value: unknown, origin: keyof typeof schemas): CheckedEvent {
  if (typeof value !== 'object' || value === null || !('type' in value) || !('seq' in value)) return { problem: 'it is no event' };
  const { type, seq } = value;
  if (typeof type !== 'string' || typeof seq !== 'number' || !Number.isSafeInteger(seq)) return { problem: 'it is no event' };
  const schema = schemas[origin].get(type);
  if (schema === undefined) return { unknown: type, seq };
  const [problem] = checkSchema(schema, value as JsonValue);
  return problem === undefined ? { event: value as RunEvent } : { problem: `${problem.path} ${problem.message}`.trim() };
}

/** The schema without what forbids properties that it does not list: a newer Worker may tell more. `shapes`: also without what bounds figures and spells codes. */
function openForMore(schema: unknown, shapes = false): unknown {
  if (Array.isArray(schema)) return schema.map((part) => openForMore(part, shapes));
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(
        ([key, value]) => !(key === 'additionalProperties' && value === false) && !(shapes && BOUNDS.has(key) && typeof value !== 'object'),
      )
      .map(([key, value]) => [key, shapes && key === 'type' && value === 'integer' ? 'number' : openForMore(value, shapes)]),
  );
}
