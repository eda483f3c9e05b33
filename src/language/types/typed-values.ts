import type { Hole, Template } from '../../program/expression.ts';
import type { NodePlaces } from '../expression/node-places.ts';
import type { Word } from '../model/fields.ts';
import type { ParsedAgent, ParsedBody, ResponsePart } from '../model/parsed-body.ts';
import type { ParsedValue } from '../model/read.ts';
import { runningPlaces } from '../model/step-places.ts';
import type { BodyTypes } from './body-types.ts';
import type { Environment } from './environment.ts';
import { inferType, type TypedExpression } from './infer/infer.ts';

/** What a value of the file is for. Those of `step` belong to a flow step or to an entry of `flow:`. */
export type ValuePart =
  | 'condition'
  | 'input'
  | 'cache-key'
  | 'loop-items'
  | 'loop-end'
  | 'config'
  | 'code'
  | 'set'
  | 'step'
  | 'output'
  | ResponsePart
  | 'limit'
  | 'trigger'
  | 'state-key'
  | 'state-initial';

/** A value of the file, with what names mean where it stands. */
export interface TypedValue {
  readonly part: ValuePart;
  readonly value: ParsedValue;
  readonly environment: Environment;
  readonly agent?: ParsedAgent;
  /** Of `set`: the state key that the value is for. */
  readonly key?: Word;
}

/** One expression of a value, with the types in it. */
export interface TypedHole extends TypedValue {
  readonly hole: Hole;
  readonly places: NodePlaces | undefined;
  readonly typed: TypedExpression;
}

/** Every value of a body that may hold expressions, in no particular order. */
export function listValues(body: ParsedBody, types: BodyTypes): readonly TypedValue[] {
  return [...body.agents.flatMap((agent) => agentValues(agent, types)), ...stepValues(body, types), ...bodyValues(body, types)];
}

/** The expressions of a value, each with its types; none where something could not be parsed. */
export function typeHoles(value: TypedValue): readonly TypedHole[] {
  if (value.value.diagnostics.length > 0) return [];
  return holesOf(value.value.template).map((hole) => ({
    ...value,
    hole,
    places: value.value.places.get(hole),
    typed: inferType(hole.expression, value.environment),
  }));
}

function holesOf(template: Template): readonly Hole[] {
  switch (template.type) {
    case 'constant':
      return [];
    case 'hole':
      return [template];
    case 'text':
      return template.parts.filter((part) => typeof part !== 'string');
    case 'list':
      return template.items.flatMap(holesOf);
    case 'mapping':
      return template.entries.flatMap(({ value }) => holesOf(value));
    default:
      return template satisfies never;
  }
}

function agentValues(agent: ParsedAgent, types: BodyTypes): readonly TypedValue[] {
  const { condition, input, cacheKey, loopItems, loopBreakWhen, config, code, set } = agent;
  const around = types.agentEnvironment(agent);
  const after = types.agentEnvironment(agent, 'after');
  const work = types.workEnvironment(agent);
  const values: TypedValue[] = [];
  const add = (part: ValuePart, value: ParsedValue | undefined, environment: Environment, key?: Word): void => {
    if (value !== undefined) values.push({ part, value, environment, agent, ...(key !== undefined && { key }) });
  };
  add('loop-items', loopItems, types.agentEnvironment(agent, 'before'));
  add('condition', condition, around);
  add('input', input, around);
  add('cache-key', cacheKey, around);
  add('config', config, work);
  if (code?.type === 'inline') for (const value of code.body.expressions) add('code', value, work);
  add('loop-end', loopBreakWhen, types.agentEnvironment(agent, 'end'));
  for (const { key, value } of set) add('set', value, after, key);
  return values;
}

function stepValues(body: ParsedBody, types: BodyTypes): readonly TypedValue[] {
  return runningPlaces(body.model).flatMap((place) => {
    const values = body.stepValues.get(place.step);
    if (values === undefined) return [];
    const { condition, value, items, breakWhen, input, set } = values;
    const before = types.stepEnvironment(place);
    const after = types.stepEnvironment(place, 'after');
    // The condition of an entry of `flow:` is its agent's, one of a `branch` or `while` its own.
    const conditionPart = place.step.type === 'run' ? 'condition' : 'step';
    const typed = (part: ValuePart, parsed: ParsedValue | undefined, environment: Environment, key?: Word): readonly TypedValue[] =>
      parsed === undefined ? [] : [{ part, value: parsed, environment, ...(key !== undefined && { key }) }];
    return [
      ...typed(conditionPart, condition, place.step.type === 'while' ? after : before),
      ...[value, items].flatMap((parsed) => typed('step', parsed, before)),
      ...typed('step', breakWhen, after),
      ...typed('input', input, before),
      ...set.flatMap((entry) => typed('set', entry.value, after, entry.key)),
    ];
  });
}

function bodyValues(body: ParsedBody, types: BodyTypes): readonly TypedValue[] {
  const open = types.environment();
  const opening = types.environment({ state: false });
  const { output, limits, triggers, stateKey, stateInitial } = body;
  const parts: (readonly [ValuePart, ParsedValue | undefined, Environment])[] = [
    ['state-key', stateKey, opening],
    ['state-initial', stateInitial, opening],
    ...triggers.map((trigger) => ['trigger', trigger, opening] as const),
    ...Object.values(limits).flatMap((limit) => (typeof limit === 'number' ? [] : [['limit', limit, open] as const])),
  ];
  if (output?.type === 'value') parts.push(['output', output.value, open]);
  for (const response of output?.type === 'responses' ? output.responses : []) {
    for (const [part, value] of Object.entries(response)) parts.push([part as ResponsePart, value, open]);
  }
  return parts.flatMap(([part, value, environment]) => (value === undefined ? [] : [{ part, value, environment }]));
}
