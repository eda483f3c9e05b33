import type { Located } from '../document/located.ts';
import type { AgentModel } from '../model/body-model.ts';
import { Fields, hasExpression } from '../model/fields.ts';
import type { ParsedAgent } from '../model/parsed-body.ts';
import { RUNNABLE_OPERATIONS } from '../model/unsupported.ts';
import type { Environment } from './environment.ts';
import { itemOf } from './property-type.ts';
import { typeOfSchema } from './schema-type.ts';
import { orNull, typeOfTemplate } from './template-type.ts';
import { BOOLEAN, INTEGER, listOf, maybe, NULL, OBJECT, recordOf, STRING, shapeOf, TRUE, type Type, UNDEFINED, UNKNOWN } from './type.ts';
import { unionOf, widen } from './union.ts';

const TEXT_OR_NULL = unionOf([STRING, NULL]);
const NUMBER_OR_NULL = unionOf([INTEGER, NULL]);
const OBJECT_OR_NULL = unionOf([OBJECT, NULL]);

export const HTTP_RESPONSE = shapeOf({ status: INTEGER, ok: BOOLEAN, headers: recordOf(STRING), url: STRING });

const APPROVAL = shapeOf({
  approved: BOOLEAN,
  feedback: TEXT_OR_NULL,
  approver: TEXT_OR_NULL,
  data: maybe(UNKNOWN),
  timed_out: maybe(TRUE),
});

/** What an agent of a known operation gives when it succeeds, from its constant settings (LANGUAGE §5); `environment` is that of its config. */
export function outputOfOperation(agent: ParsedAgent, environment: Environment): Type {
  const { work, config } = agent.model;
  if (work.type !== 'operation') return UNKNOWN;
  const settings = new Settings(config);
  switch (work.operation.text) {
    case 'http':
      return httpOutput(settings);
    case 'storage':
      return storageOutput(settings);
    case 'data':
      return sqlOutput(settings);
    case 'think':
      return agent.configSchema !== undefined ? typeOfSchema(agent.configSchema) : settings.has('schema') ? UNKNOWN : STRING;
    case 'transform':
      return transformOutput(agent, settings, environment);
    case 'assert':
      return TRUE;
    case 'log':
      return UNDEFINED;
    case 'wait':
      return waitOutput(settings);
    case 'approval':
    case 'hitl':
      return APPROVAL;
    default:
      return UNKNOWN;
  }
}

/** The settings of a config as far as they are written out. */
class Settings {
  readonly #fields: Fields;
  /** The config is a mapping, so that a key that is not written is not there. */
  readonly isMapping: boolean;

  constructor(config: Located | undefined) {
    this.#fields = new Fields(config);
    this.isMapping = config === undefined || config.kind === 'mapping';
  }

  has(key: string): boolean {
    return !this.isMapping || this.#fields.value(key) !== undefined;
  }

  /** A constant setting; undefined when it is not there, `null` when it cannot be known. */
  constant(key: string): string | null | undefined {
    if (!this.isMapping) return null;
    const value = this.#fields.value(key);
    if (value === undefined) return undefined;
    if (value.kind !== 'scalar') return null;
    return typeof value.value === 'string' && hasExpression(value.value) ? null : String(value.value);
  }
}

function waitOutput(settings: Settings): Type {
  if (!settings.isMapping) return UNKNOWN;
  return settings.has('for_signal') ? shapeOf({ waited_ms: INTEGER, data: UNKNOWN }) : shapeOf({ waited_ms: INTEGER });
}

function httpOutput(settings: Settings): Type {
  const [response, as] = [settings.constant('response'), settings.constant('as')];
  const body = as === 'text' || as === 'base64' ? TEXT_OR_NULL : UNKNOWN;
  if (response === null) return UNKNOWN;
  return response === 'full' ? shapeOf({ status: INTEGER, headers: recordOf(STRING), body }) : body;
}

function storageOutput(settings: Settings): Type {
  const action = settings.constant('action');
  switch (settings.constant('type')) {
    case 'kv':
      return (action && Object.hasOwn(KV, action) && KV[action]) || UNKNOWN;
    case 'd1':
      return sqlOutput(settings);
    case 'r2':
      return r2Output(action, settings);
    default:
      return UNKNOWN;
  }
}

const SUCCESS = shapeOf({ success: BOOLEAN });
const KV: Readonly<Record<string, Type>> = {
  get: shapeOf({ value: UNKNOWN, found: BOOLEAN, metadata: UNKNOWN }),
  put: SUCCESS,
  delete: SUCCESS,
  list: shapeOf({
    keys: listOf(shapeOf({ name: STRING, expiration: maybe(INTEGER), metadata: maybe(UNKNOWN) })),
    list_complete: BOOLEAN,
    cursor: TEXT_OR_NULL,
  }),
};

const ROWS = listOf(OBJECT);
const ONE_QUERY = shapeOf({ rows: ROWS, results: ROWS, meta: OBJECT, success: BOOLEAN });
const STATEMENTS = shapeOf({ results: listOf(shapeOf({ rows: ROWS, meta: OBJECT, success: BOOLEAN })), rows: ROWS, success: BOOLEAN });

function sqlOutput(settings: Settings): Type {
  if (!settings.isMapping) return UNKNOWN;
  return settings.has('statements') ? STATEMENTS : ONE_QUERY;
}

const R2_OBJECT = { size: INTEGER, etag: STRING, uploaded: STRING, httpMetadata: OBJECT, metadata: recordOf(STRING) };
/** Of an object that may not exist. */
const R2_FOUND = {
  size: NUMBER_OR_NULL,
  etag: TEXT_OR_NULL,
  httpMetadata: OBJECT_OR_NULL,
  found: BOOLEAN,
  uploaded: maybe(STRING),
  metadata: maybe(recordOf(STRING)),
};
const R2: Readonly<Record<string, Type>> = {
  head: shapeOf(R2_FOUND),
  put: shapeOf({ success: BOOLEAN, size: maybe(INTEGER), etag: maybe(STRING) }),
  delete: SUCCESS,
  list: shapeOf({ objects: listOf(shapeOf({ key: STRING, ...R2_OBJECT })), truncated: BOOLEAN, cursor: TEXT_OR_NULL }),
};

function r2Output(action: string | null | undefined, settings: Settings): Type {
  const as = settings.constant('as');
  if (action === 'get') return shapeOf({ body: as === null || as === 'json' ? UNKNOWN : TEXT_OR_NULL, ...R2_FOUND });
  return (action && Object.hasOwn(R2, action) && R2[action]) || UNKNOWN;
}

/** Steps that change what an item is; the others choose among items. */
const RESHAPING = ['pick', 'omit', 'rename', 'defaults', 'merge'];
const CHOOSING = ['filter', 'dedupe', 'sort', 'limit'];

/** The value as its author wrote it, without the literal values in it: they are settings, not promises. */
function transformOutput({ config }: ParsedAgent, settings: Settings, environment: Environment): Type {
  if (config === undefined || config.diagnostics.length > 0 || !settings.isMapping || RESHAPING.some((key) => settings.has(key)))
    return UNKNOWN;
  const { template } = config;
  const value =
    template.type === 'mapping'
      ? template.entries.find(({ key }) => key === 'value')?.value
      : template.type === 'constant'
        ? { type: 'constant' as const, value: Object(template.value).value ?? null }
        : undefined;
  if (value === undefined) return UNKNOWN;
  const type = widen(orNull(typeOfTemplate(value, environment)));
  if (!CHOOSING.some((key) => settings.has(key))) return type;
  return type.kind === 'list' ? listOf(itemOf(type)) : type.kind === 'unknown' ? listOf(UNKNOWN) : UNKNOWN;
}

/** What an agent leaves behind beside its output (LANGUAGE §2.1), by the operation that leaves it. */
const FACTS: Readonly<Record<'response' | 'usage' | 'model' | 'logs', { readonly of: string; readonly type: Type }>> = {
  response: { of: 'http', type: unionOf([HTTP_RESPONSE, UNDEFINED]) },
  usage: {
    of: 'think',
    type: unionOf([shapeOf({ input_tokens: INTEGER, output_tokens: INTEGER, cost_usd: maybe({ kind: 'number' }) }), UNDEFINED]),
  },
  model: { of: 'think', type: unionOf([STRING, UNDEFINED]) },
  logs: { of: 'code', type: unionOf([listOf(shapeOf({ level: STRING, message: STRING })), UNDEFINED]) },
};
export type Fact = keyof typeof FACTS;

/** The operation that leaves a fact behind; undefined for a field that every agent has. */
export function operationOfFact(field: string): string | undefined {
  return Object.hasOwn(FACTS, field) ? FACTS[field as Fact].of : undefined;
}

/** What agents of this version's operations leave in a field; others may come to leave one too. */
export function factType(fact: Fact, { work }: AgentModel): Type {
  if (work.type !== 'operation') return UNKNOWN;
  const { of, type } = FACTS[fact];
  const operation = work.operation.text;
  if (operation === of) return type;
  return KNOWN_OPERATIONS.has(operation) ? UNDEFINED : UNKNOWN;
}

const KNOWN_OPERATIONS: ReadonlySet<string> = new Set(RUNNABLE_OPERATIONS);
