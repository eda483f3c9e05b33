import type { JsonValue } from '../../program/json.ts';
import type { RevealWish, ScopeSchema } from '../../program/state-calls.ts';
import { getOwn } from '../../runtime/own-property.ts';

export interface RevealOption {
  /** Shows the values of secret keys and of secret variables. */
  readonly reveal?: boolean;
}

/** What the host is told of it: it knows which values are those of secret variables. */
export function wishOf({ reveal }: RevealOption): RevealWish {
  return reveal === true ? { reveal } : {};
}

/** What of a value may be shown: not that of a key with `secret: true`, unless it is asked for. */
export function createCover(schema: ScopeSchema | undefined, { reveal }: RevealOption): (key: string, value: JsonValue) => JsonValue {
  if (reveal === true || schema === undefined) return (_key, value) => value;
  return (key, value) => ((getOwn(schema, key) as ScopeSchema[string] | undefined)?.secret === true ? `[secret ${key}]` : value);
}
