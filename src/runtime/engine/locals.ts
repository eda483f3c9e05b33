import type { JsonObject, JsonValue } from '../../program/json.ts';

/** The roots that have a value only inside some steps, lexically (LANGUAGE §3.2): an inner loop hides the outer one's. */
export type LocalName = 'item' | 'index' | 'loop' | 'error' | 'mapResults';

export interface Locals {
  readonly item: JsonValue | undefined;
  /** From 0. */
  readonly index: number | undefined;
  /** `{item, index}` */
  readonly loop: JsonObject | undefined;
  /** `{code, message, attempt, agent}` of what failed. */
  readonly error: JsonObject | undefined;
  readonly mapResults: readonly JsonValue[] | undefined;
  /** Those whose value came from outside (LANGUAGE §4.5). */
  readonly tainted: ReadonlySet<LocalName>;
}

const NOTHING: ReadonlySet<LocalName> = new Set();

export const NO_LOCALS: Locals = Object.freeze({
  item: undefined,
  index: undefined,
  loop: undefined,
  error: undefined,
  mapResults: undefined,
  tainted: NOTHING,
});

/** The same with other values for some; `tainted` says whether those are. */
export function withLocals(outer: Locals, values: Partial<Omit<Locals, 'tainted'>>, tainted: boolean): Locals {
  const names = new Set(outer.tainted);
  for (const name of Object.keys(values) as LocalName[]) {
    if (tainted && name !== 'index') names.add(name);
    else names.delete(name);
  }
  return { ...outer, ...values, tainted: names };
}
