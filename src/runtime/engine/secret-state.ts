import type { JsonObject } from '../../program/json.ts';
import type { StatePlan } from '../../program/program.ts';
import { setOwn } from '../own-property.ts';
import type { StateSecret, StateSession } from '../state/state-session.ts';
import type { Redactor } from './redact.ts';

/** State values with the whole value of each `secret: true` key replaced, for events: a number or a short text too, which no search would find. */
export function hideSecretKeys(plan: StatePlan, values: JsonObject): JsonObject {
  const { schema } = plan;
  if (schema === undefined || !Object.keys(values).some((key) => isSecret(schema, key))) return values;
  const hidden: Record<string, JsonObject[string]> = {};
  for (const [key, value] of Object.entries(values)) setOwn(hidden, key, isSecret(schema, key) ? `[secret ${key}]` : value);
  return hidden;
}

function isSecret(schema: NonNullable<StatePlan['schema']>, key: string): boolean {
  return Object.hasOwn(schema, key) && schema[key]?.secret === true;
}

const told = new WeakMap<Redactor, readonly StateSecret[]>();

/** Tells the redactor the secrets that the session holds now: before any event that could show one of them is written. */
export function noteStateSecrets(state: StateSession, redactor: Redactor): void {
  const secrets = state.secretValues();
  if (secrets.length === 0 || told.get(redactor) === secrets) return;
  told.set(redactor, secrets);
  for (const { name, value } of secrets) redactor.add(name, value);
}
