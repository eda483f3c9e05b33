import type { JsonValue } from '../../program/json.ts';
import type { ScopeSchema } from '../../program/state-calls.ts';
import { getOwn } from '../../runtime/own-property.ts';

export interface RevealOption {
  /** Shows the values of secret keys. */
  readonly reveal?: boolean;
}

/** What of a value may be shown: not that of a key with `secret: true`, unless it is asked for. */
export function createCover(schema: ScopeSchema | undefined, { reveal }: RevealOption): (key: string, value: JsonValue) => JsonValue {
  if (reveal === true || schema === undefined) return (_key, value) => value;
  return (key, value) => ((getOwn(schema, key) as ScopeSchema[string] | undefined)?.secret === true ? `[secret ${key}]` : value);
}
