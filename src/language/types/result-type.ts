import type { AgentModel } from '../model/body-model.ts';
import { factType } from './operation-types.ts';
import { BOOLEAN, INTEGER, listOf, NULL, NUMBER, type ObjectType, type Property, STRING, shapeOf, type Type, UNDEFINED } from './type.ts';
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
  const properties = new Map<string, Property>([['output', { type: output, optional: false, description: 'What it gave.' }]]);
  for (const [name, type, description] of EVERY_RESULT) properties.set(name, { type, optional: false, description });
  const outputs = agent.loop === undefined ? UNDEFINED : output;
  properties.set('outputs', { type: outputs, optional: false, description: 'The outputs of a loop, one for each item.' });
  for (const [name, description] of FACTS) properties.set(name, { type: factType(name, agent), optional: false, description });
  return { kind: 'object', properties, lists: 'all', others: UNDEFINED };
}

/** The outputs of a loop over an agent: an item may have failed or been skipped. */
export function loopOutput(output: Type): Type {
  return listOf(unionOf([output, NULL, UNDEFINED]));
}
