import type { AgentModel } from '../model/body-model.ts';
import { factType } from './operation-types.ts';
import { BOOLEAN, INTEGER, NUMBER, type ObjectType, type Property, STRING, shapeOf, type Type, UNDEFINED } from './type.ts';
import { orUndefined, unionOf } from './union.ts';

const FAILURE = unionOf([shapeOf({ code: STRING, message: STRING, attempt: INTEGER }), UNDEFINED]);

const EVERY_RESULT: readonly (readonly [name: string, type: Type, description: string])[] = [
  ['executed', BOOLEAN, 'Whether the agent ran.'],
  ['skipped', BOOLEAN, 'Whether its condition was falsy.'],
  ['success', BOOLEAN, 'Whether it ran and did not fail.'],
  ['failed', BOOLEAN, 'Whether it failed.'],
  ['error', orUndefined(STRING), 'The message of its failure.'],
  ['failure', FAILURE, 'Its failure: code, message and the attempt that failed last.'],
  ['cached', BOOLEAN, 'Whether the output came from the cache.'],
  ['duration', NUMBER, 'How long it took, in milliseconds.'],
  ['attempts', INTEGER, 'How often it was tried.'],
  ['retry_count', INTEGER, '`attempts` − 1.'],
  ['tainted', BOOLEAN, 'Whether what it read or brought in came from outside.'],
];

const FACTS = [
  ['response', 'Status, headers and address of the answer, without its body.'],
  ['usage', 'The tokens it used, and what they cost.'],
  ['model', 'The model that answered.'],
  ['logs', 'What its code logged.'],
] as const;

/** What an agent leaves behind (LANGUAGE §2.1); `output` is the type of its `.output`, undefined included where it may have none. */
export function resultType(agent: AgentModel, output: Type): ObjectType {
  return resultOf(output, agent.loop === undefined ? UNDEFINED : output, (fact) => factType(fact, agent));
}

/** What a named flow step leaves behind: nothing that only a loop or an operation has. */
export function flowResult(output: Type): ObjectType {
  return resultOf(output, UNDEFINED, () => UNDEFINED);
}

function resultOf(output: Type, outputs: Type, typeOfFact: (fact: (typeof FACTS)[number][0]) => Type): ObjectType {
  const properties = new Map<string, Property>([['output', { type: output, optional: false, description: 'What it gave.' }]]);
  for (const [name, type, description] of EVERY_RESULT) properties.set(name, { type, optional: false, description });
  properties.set('outputs', { type: outputs, optional: false, description: 'The outputs of a loop, one for each item.' });
  for (const [name, description] of FACTS) properties.set(name, { type: typeOfFact(name), optional: false, description });
  return { kind: 'object', properties, lists: 'all', others: UNDEFINED };
}
