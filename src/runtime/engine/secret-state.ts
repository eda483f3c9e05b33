import type { StatePlan } from '../../program/program.ts';
import type { StateSecret, StateSession } from '../state/state-session.ts';
import type { Redactor } from './redact.ts';

/** Tells the redactor which keys of the body's state events must not show. */
export function hideSecretKeys({ schema = {} }: StatePlan, path: string, redactor: Redactor): void {
  const keys = Object.entries(schema).flatMap(([key, { secret }]) => (secret === true ? [key] : []));
  if (keys.length > 0) redactor.hideKeys(path, keys);
}

const told = new WeakMap<Redactor, readonly StateSecret[]>();

/** Tells the redactor the secrets that the session holds now: before any event that could show one of them is written. */
export function noteStateSecrets(state: StateSession, redactor: Redactor): void {
  const secrets = state.secretValues();
  if (secrets.length === 0 || told.get(redactor) === secrets) return;
  told.set(redactor, secrets);
  for (const { name, value } of secrets) redactor.add(name, value);
}
