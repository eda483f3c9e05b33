import type { JsonSchema } from '../../program/json.ts';
import type { Reducer, StateBackendName, StatePlan } from '../../program/program.ts';
import type { Located, LocatedEntry } from '../document/located.ts';
import { toJson } from '../document/to-json.ts';
import type { StateKeyModel, StateModel } from './body-model.ts';
import { readDuration } from './constants.ts';
import { Fields, hasExpression } from './fields.ts';
import type { Findings } from './findings.ts';
import { expandSchema } from './schema-forms.ts';

export const REDUCERS: readonly Reducer[] = ['replace', 'append', 'merge', 'add', 'min', 'max', 'union'];
const BACKENDS: readonly StateBackendName[] = ['memory', 'kv', 'd1', 'durable-object'];
const PERSIST: readonly StatePlan['persist'][] = ['on_success', 'each', 'always'];
const ON_CONFLICT: readonly StatePlan['onConflict'][] = ['merge', 'fail', 'overwrite'];

/** Keys of a state key's schema that are the engine's, not JSON Schema's. */
const STATE_KEYS = new Set(['default', 'reducer', 'valid_for', 'secret']);

/** The `state:` of an ensemble or agent file (LANGUAGE §4); without one, a memory scope in which every key is allowed. */
export function readStateModel(value: Located | undefined, findings: Findings): StateModel {
  const fields = new Fields(value);
  const backend = fields.word('backend');
  const key = fields.value('key');
  const binding = fields.text('binding');
  const schema = fields.mapping('schema');
  const initial = fields.value('initial');
  return {
    backend: oneOf(BACKENDS, fields.text('backend')) ?? 'memory',
    ...(backend !== undefined && { backendSpan: backend.span }),
    ...(key !== undefined && { key }),
    ...(binding !== undefined && { binding }),
    ...(schema !== undefined && { schema: new Map(schema.entries.map((entry) => [entry.key.text, readStateKey(entry, findings)])) }),
    ...(initial !== undefined && { initial }),
    persist: oneOf(PERSIST, fields.text('persist')) ?? 'on_success',
    onConflict: oneOf(ON_CONFLICT, fields.text('on_conflict')) ?? 'merge',
  };
}

function readStateKey({ key, value }: LocatedEntry, findings: Findings): StateKeyModel {
  const fields = new Fields(value);
  const byDefault = fields.entry('default')?.value;
  const validForMs = readDuration(fields.scalar('valid_for'), `${key.text}.valid_for`, findings);
  const schema: JsonSchema = expandSchema(value, { required: false, drop: STATE_KEYS }, findings).schema;
  const plain = isPlainMapping(schema);
  return {
    name: key,
    schema,
    ...(byDefault !== undefined && !plain && { default: { value: toJson(byDefault), span: byDefault.span } }),
    reducer: (plain ? undefined : readReducer(fields)) ?? 'replace',
    ...(validForMs !== undefined && { validForMs }),
    secret: fields.scalar('secret')?.value === true,
  };
}

function readReducer(fields: Fields): StateKeyModel['reducer'] | undefined {
  const written = fields.scalar('reducer');
  if (typeof written?.value === 'string' && hasExpression(written.value)) return { written };
  return oneOf(REDUCERS, fields.text('reducer'));
}

/** Whether the short form was a mapping of properties, one of which is called `default` or `reducer`: then these are no settings. */
function isPlainMapping(schema: JsonSchema): boolean {
  const { properties } = schema;
  return (
    typeof properties === 'object' && properties !== null && (Object.hasOwn(properties, 'default') || Object.hasOwn(properties, 'reducer'))
  );
}

function oneOf<T extends string>(words: readonly T[], text: string | undefined): T | undefined {
  return words.find((word) => word === text);
}
