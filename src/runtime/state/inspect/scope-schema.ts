import type { StatePlan } from '../../../program/program.ts';
import type { ScopeKeyPlan, ScopeSchema } from '../../../program/state-calls.ts';
import { setOwn } from '../../own-property.ts';

/** What an ensemble says of the keys of its scope, for reading and writing it by hand; undefined when it allows every key. */
export function toScopeSchema({ schema }: StatePlan): ScopeSchema | undefined {
  if (schema === undefined) return undefined;
  const keys: { [key: string]: ScopeKeyPlan } = {};
  for (const [key, plan] of Object.entries(schema)) {
    const validity = plan.validForMs === undefined ? {} : { valid_for_ms: plan.validForMs };
    setOwn(keys, key, { schema: plan.schema, secret: plan.secret, ...validity });
  }
  return keys;
}
