import { NO_ENSEMBLES } from '../../language/ensemble-files.ts';
import type { ParsedBody } from '../../language/model/parsed-body.ts';
import { runningPlaces } from '../../language/model/step-places.ts';
import { type BodyTypes, typesOf } from '../../language/types/body-types.ts';
import type { Environment } from '../../language/types/environment.ts';
import type { ObjectType, Type } from '../../language/types/type.ts';
import { filterMembers, orUndefined, unionOf, withoutUndefined } from '../../language/types/union.ts';
import type { RunShapes } from '../../program/run-shapes.ts';
import type { Cursor } from '../cursor/cursor.ts';
import { agentAround } from '../names/agent-around.ts';
import { typeOfShape } from './shape-type.ts';

/**
 * What names mean at a cursor: as far as the last text that was YAML tells, and where that tells nothing, what the last run saw. Undefined for a
 * file that never was.
 */
export function environmentAt(cursor: Cursor): Environment | undefined {
  const declared = declaredEnvironmentAt(cursor);
  return declared && withShapes(declared, cursor.snapshot.shapes());
}

/** The same without what the last run saw. */
export function declaredEnvironmentAt(cursor: Cursor): Environment | undefined {
  const file = cursor.snapshot.lastFile;
  // The analysis of the file has worked its types out already, with the other ensembles that it runs.
  return file && declaredAt(cursor, typesOf(file, NO_ENSEMBLES), file.body);
}

/** Settings of an agent that its work sees: there `input` is the agent's own. */
const WORK_KEYS: ReadonlySet<string> = new Set(['config', 'prompt', 'model', 'script']);

function declaredAt(cursor: Cursor, types: BodyTypes, body: ParsedBody): Environment {
  const around = agentAround(cursor);
  const inside = around?.inside ?? cursor.place?.path ?? [];
  const agent = body.agents.find(({ model }) => (body.model.single ? true : model.named && model.name.text === around?.outline.name));
  if (agent === undefined) return stepEnvironment(cursor, types, body);
  const [key, part] = inside;
  if (WORK_KEYS.has(String(key))) return types.workEnvironment(agent);
  if (around === undefined) return types.environment();
  if (key === 'state' && part === 'set') return types.agentEnvironment(agent, 'after');
  if (key === 'loop') return types.agentEnvironment(agent, part === 'breakWhen' ? 'end' : 'before');
  return types.agentEnvironment(agent);
}

/** Of a flow step around the cursor: the innermost that begins before it and ends behind it in the text that was analysed. */
function stepEnvironment({ offset }: Cursor, types: BodyTypes, body: ParsedBody): Environment {
  const place = runningPlaces(body.model).findLast(({ step: { span } }) => span.start <= offset && offset <= span.end);
  return place === undefined ? types.environment() : types.stepEnvironment(place);
}

/** Takes what the last run saw for what is not known. */
function withShapes(environment: Environment, { agents, state }: RunShapes): Environment {
  const shapeOf = (shapes: RunShapes['agents'], name: string): Type | undefined => {
    const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    return shape && typeOfShape(shape);
  };
  return {
    root(name) {
      const type = environment.root(name);
      if (name !== 'state') return type;
      const seen = Object.keys(state).map((key) => [key, shapeOf(state, key)] as const);
      return seen.reduce((joined, [key, shape]) => (shape === undefined ? joined : withProperty(joined, key, shape)), type);
    },
    agent(name) {
      const shape = shapeOf(agents, name);
      const type = environment.agent(name);
      return shape === undefined ? type : withProperty(type, 'output', shape);
    },
  };
}

/** The type with a property of the given type, when it is an object and nothing is known of the property. */
function withProperty(type: Type, key: string, seen: Type): Type {
  if (type.kind === 'union')
    return unionOf([withProperty(withoutUndefined(type), key, seen), filterMembers(type, ({ kind }) => kind === 'undefined')]);
  if (type.kind !== 'object') return type;
  const known = type.properties.get(key);
  if (known === undefined ? type.lists !== 'some' : known.type.kind !== 'unknown') return type;
  const properties: ObjectType['properties'] = new Map([
    ...type.properties,
    [key, { ...known, type: orUndefined(seen), optional: known?.optional ?? true }],
  ]);
  return { ...type, properties };
}
