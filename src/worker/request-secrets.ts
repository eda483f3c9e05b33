import { EVENT_FORMAT } from '../program/run-event.ts';
import type { RunRequest } from '../program/run-request.ts';
import type { Secret } from '../program/secret.ts';
import { Redactor } from '../runtime/engine/redact.ts';
import { readSecretNames, readVariables } from './variables.ts';

/** The request as files may show it: without the values of secret variables and whatever else in it is a secret that the Worker knows. The same object when that changes nothing. */
export function hideRequestSecrets(request: RunRequest, env: object): RunRequest {
  const redactor = redactorOf(request, env);
  const { input, trigger, vars, secretVars } = request;
  const names = { run: request.run, format: EVENT_FORMAT, ensemble: '', file: '', program: '', agents: [], attempt: 1 };
  const given = { ...names, type: 'run.started' as const, input, ...(trigger === undefined ? {} : { trigger }) };
  const shown = redactor.event(given);
  const plain = Object.entries(vars).filter(([name]) => !secretVars.includes(name));
  const shownVars = plain.map(([name, value]) => [name, redactor.text(value)] as const);
  const isSame = shown === given && plain.length === Object.keys(vars).length && shownVars.every(([name, value]) => vars[name] === value);
  if (isSame) return request;
  return {
    ...request,
    input: shown.input,
    ...(shown.trigger === undefined ? {} : { trigger: shown.trigger }),
    vars: Object.fromEntries(shownVars),
  };
}

/** Knows the secrets that are variables, and those of `before`; those in the state are known to the run itself. */
export function redactorOf(request: Pick<RunRequest, 'vars' | 'secretVars'>, env: object, before: readonly Secret[] = []): Redactor {
  const redactor = new Redactor();
  for (const { name, value } of [...listSecrets(request, env), ...before]) redactor.add(name, value);
  return redactor;
}

/** The secrets that are variables: of the Worker, and of the request in their place. */
export function listSecrets({ vars, secretVars }: Pick<RunRequest, 'vars' | 'secretVars'>, env: object): readonly Secret[] {
  const values = { ...readVariables(env), ...vars };
  const names = [...new Set([...readSecretNames(env), ...secretVars])];
  return names.flatMap((name) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? [] : [{ name, value }];
  });
}
