import type { JsonValue } from '../../../program/json.ts';
import type { OperationContext } from '../operation.ts';

/** One kind of storage: what `storage` does for one `type`. `config` is evaluated and untrusted. */
export interface Store {
  /** How config and messages call it. */
  readonly type: string;
  run(config: JsonValue, context: OperationContext): Promise<JsonValue>;
}
