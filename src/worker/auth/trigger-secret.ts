import type { AuthPlan } from '../../program/trigger.ts';
import { prepareTemplate } from '../../runtime/engine/evaluate.ts';
import { scopeBeforeRun } from '../scope-before-run.ts';
import { warnOperator } from '../warn-operator.ts';

/** Shorter secrets can be guessed. Of `user:password` the password alone counts, and half of this is enough: people choose it. */
const MIN_LENGTH = 16;

/**
 * The secret of a trigger, from the Worker's variables and secrets; undefined when it cannot protect anything: it is missing, too short, or no text. The operator is told once; `where` names the
 * trigger in that. Whoever calls must let nobody in then.
 */
export function readTriggerSecret({ type, secret }: AuthPlan, env: object, where: string): string | undefined {
  const value = evaluate(secret, env);
  const problem = typeof value === 'string' ? findProblem(type, value) : 'its secret is missing';
  if (problem === undefined) return value;
  if (!told.has(where)) warnOperator(`Nobody can use ${where}: ${problem}.`);
  told.add(where);
  return undefined;
}

const told = new Set<string>();

function findProblem(type: AuthPlan['type'], secret: string): string | undefined {
  if (type !== 'basic') return secret.length < MIN_LENGTH ? `its secret has less than ${MIN_LENGTH} characters` : undefined;
  const colon = secret.indexOf(':');
  if (colon < 1) return 'its secret is not of the form `user:password`';
  return secret.length - colon - 1 < MIN_LENGTH / 2 ? `its password has less than ${MIN_LENGTH / 2} characters` : undefined;
}

/** Text only: a number in the environment is a text as well. */
function evaluate(template: AuthPlan['secret'], env: object): string | undefined {
  try {
    const value = prepareTemplate(template)({ ...scopeBeforeRun(env), missing: refusePart });
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A part of a secret that is missing makes all of it missing: what is left would be known to whoever reads the file. */
function refusePart(source: string): never {
  throw new Error(`${source} is missing`);
}
