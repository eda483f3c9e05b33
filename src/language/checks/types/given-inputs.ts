import type { Span } from '../../../program/diagnostic.ts';
import type { Located } from '../../document/located.ts';
import type { ParsedAgent } from '../../model/parsed-body.ts';
import type { ParsedValue } from '../../model/read.ts';
import type { StepModel } from '../../model/step-model.ts';
import { runningPlaces } from '../../model/step-places.ts';
import type { BodyTypes } from '../../types/body-types.ts';
import type { Environment } from '../../types/environment.ts';
import { typeOfValue } from '../../types/template-type.ts';
import type { ObjectType, Property, Type } from '../../types/type.ts';

/** What a file that an agent runs is given as its input. */
export interface GivenInput {
  readonly agent: ParsedAgent;
  /** The types of the file that is run. */
  readonly callee: BodyTypes;
  /** What it declares of its input. */
  readonly declared: ObjectType;
  /** The declared fields that must be given: a default stands in for none of them. */
  readonly required: readonly string[];
  readonly type: Type;
  /** Where the input is written; absent when it is the run's own. */
  readonly written?: Located;
  /** Where the agent says what it runs. */
  readonly span: Span;
}

const known = new WeakMap<BodyTypes, readonly GivenInput[]>();

/** The inputs of all agents of a body that run an agent file or an ensemble which declares its own. */
export function givenInputs(types: BodyTypes): readonly GivenInput[] {
  const inputs = known.get(types) ?? findInputs(types);
  known.set(types, inputs);
  return inputs;
}

function findInputs(types: BodyTypes): readonly GivenInput[] {
  const { body } = types;
  const found = body.agents.flatMap((agent) => givenInput(agent, agent.model.input, agent.input, types.agentEnvironment(agent), types));
  for (const place of runningPlaces(body.model)) {
    const { step } = place;
    if (step.type !== 'run' || step.agent === undefined || step.input === undefined) continue;
    const agent = body.agents[step.agent.index];
    if (agent !== undefined) found.push(...givenInput(agent, step.input, inputOf(step, types), types.stepEnvironment(place), types));
  }
  return found;
}

function inputOf(step: StepModel, types: BodyTypes): ParsedValue | undefined {
  return types.body.stepValues.get(step)?.input;
}

function givenInput(
  agent: ParsedAgent,
  written: Located | undefined,
  value: ParsedValue | undefined,
  environment: Environment,
  types: BodyTypes,
): readonly GivenInput[] {
  const callee = types.fileOf(agent.model);
  const declared = callee?.input;
  if (callee === undefined || declared?.kind !== 'object' || callee.body.model.input === undefined) return [];
  // A flow that gives the agent its input says so in each of its entries.
  if (written === undefined && types.isGivenByFlow(agent)) return [];
  const { work } = agent.model;
  const reference = work.type === 'agent-file' ? work.file : work.type === 'ensemble' ? work.reference : agent.model.name;
  return [
    {
      agent,
      callee,
      declared,
      required: requiredOf(callee, declared),
      type: value === undefined ? types.input : typeOfValue(value, environment),
      ...(written !== undefined && { written }),
      span: reference.span,
    },
  ];
}

/** The type says of a field with a default that it is always there; the schema tells which must be given. */
function requiredOf({ body }: BodyTypes, { properties }: ObjectType): readonly string[] {
  const { required, properties: schemas } = body.model.input ?? {};
  if (!Array.isArray(required)) return [];
  const hasDefault = (name: string): boolean => {
    const schema: unknown = Object.hasOwn(Object(schemas), name) ? Object(schemas)[name] : undefined;
    return typeof schema === 'object' && schema !== null && Object.hasOwn(schema, 'default');
  };
  return [...properties.keys()].filter((name) => (required as readonly unknown[]).includes(name) && !hasDefault(name));
}

/** A field of what is given; undefined when nothing is known of it, `null` when it is surely not there. */
export function givenField(type: Type, name: string): Property | null | undefined {
  if (type.kind !== 'object') return undefined;
  return type.properties.get(name) ?? (type.lists === 'all' ? null : undefined);
}

/** Where a field of a written input stands: its key and its value. */
export function writtenField(written: Located | undefined, name: string): { readonly key: Span; readonly value: Span } | undefined {
  if (written?.kind !== 'mapping') return undefined;
  const entry = written.entries.find(({ key }) => key.text === name);
  return entry && { key: entry.key.span, value: entry.value.span };
}
