import type { JsonValue } from '../../../program/json.ts';
import { failure } from '../../failure.ts';
import { getOwn } from '../../own-property.ts';
import { describeValue } from '../../schema/describe.ts';
import type { Store } from './store.ts';

/** The store that `config[key]` names; `CONFIG_INVALID` lists those that there are. */
export function findStore(operation: string, key: string, stores: readonly Store[], config: JsonValue): Store {
  const type = getOwn(config, key);
  const store = stores.find((candidate) => candidate.type === type);
  if (store !== undefined) return store;
  const types = stores.map((candidate) => candidate.type).join(', ');
  throw failure('CONFIG_INVALID', `${operation} needs "${key}" to be one of ${types}, found ${describeValue(type)}`);
}
