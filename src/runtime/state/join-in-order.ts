import type { JsonValue } from '../../program/json.ts';
import type { StateChange } from './backend.ts';
import { joinWrite } from './join-write.ts';
import type { KeyRules } from './key-rules.ts';
import type { StateSet } from './state-session.ts';
import { inPositionOrder, type KeyWrites } from './write-order.ts';

/** What a step's writes make of a key when they come in the order of their positions. Throws STATE_TYPE when they do not fit so. */
export function joinInOrder(step: string, key: string, rules: KeyRules, keyWrites: KeyWrites): StateChange {
  const { base } = keyWrites;
  const subject = `Step "${step}", once its writes are in order,`;
  const rule = rules.find(key, subject);
  const { replaces } = rule;
  const writes = inPositionOrder(keyWrites);
  let value = base?.value;
  for (const write of writes) value = joinWrite(key, rule, value, write.value, subject);
  const at = writes.reduce((latest, write) => Math.max(latest, write.at), 0);
  return {
    key,
    value: value ?? null,
    writes: writes.map((write) => write.value),
    tainted: writes.some((write) => write.tainted) || (!replaces && base?.tainted === true),
    agent: writes.at(-1)?.agent ?? step,
    at,
    replaces,
    ...(rule.validForMs === Number.POSITIVE_INFINITY ? {} : { validUntil: at + rule.validForMs }),
  };
}

/** `writes` has only the keys that replace: of the others each write was told when it came, and they are all in the value. */
export function toStateSet(changes: readonly StateChange[]): StateSet {
  const values: { [key: string]: JsonValue } = Object.create(null);
  const written: { [key: string]: JsonValue } = Object.create(null);
  for (const { key, value, replaces } of changes) {
    values[key] = value;
    if (replaces === true) written[key] = value;
  }
  return { values, writes: written, tainted: changes.filter(({ tainted }) => tainted).map(({ key }) => key), untouched: [] };
}
