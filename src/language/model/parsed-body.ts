import type { Hole } from '../../program/expression.ts';
import type { JsonSchema } from '../../program/json.ts';
import type { Limits } from '../../program/program.ts';
import type { CodeBody } from '../code/code-body.ts';
import type { AgentModel, BodyModel } from './body-model.ts';
import type { Word } from './fields.ts';
import type { ParsedValue, Read } from './read.ts';
import type { StepModel } from './step-model.ts';

/** A body whose expressions are parsed: what checks look at and the program is built from. */
export interface ParsedBody {
  readonly model: BodyModel;
  /** `agents[index]` is that of `model.agents[index]`. */
  readonly agents: readonly ParsedAgent[];
  /** The expressions of flow steps and of entries of `flow:`. */
  readonly stepValues: ReadonlyMap<StepModel, ParsedStepValues>;
  readonly stateKey?: ParsedValue;
  readonly stateInitial?: ParsedValue;
  /** The reducers that the author wrote, by the state key; one that is no single expression is not there. */
  readonly stateReducers: ReadonlyMap<string, Hole>;
  readonly output?: ParsedOutput;
  readonly triggers: readonly ParsedValue[];
  readonly limits: ParsedLimits;
}

export type ParsedLimits = { readonly [Name in keyof Limits]?: number | ParsedValue };

/** What stands in a step that is no agent of its own; `set` only in an entry of `flow:`. */
export interface ParsedStepValues {
  readonly condition?: ParsedValue;
  readonly value?: ParsedValue;
  readonly items?: ParsedValue;
  readonly breakWhen?: ParsedValue;
  readonly input?: ParsedValue;
  readonly set: ParsedAgent['set'];
}

export interface ParsedAgent {
  readonly model: AgentModel;
  readonly condition?: ParsedValue;
  readonly input?: ParsedValue;
  readonly cacheKey?: ParsedValue;
  readonly loopItems?: ParsedValue;
  readonly loopBreakWhen?: ParsedValue;
  /** Without what became `code` or `configSchema`. */
  readonly config?: ParsedValue;
  readonly code?: ParsedCode;
  /** The `schema` of a think agent's config, expanded. */
  readonly configSchema?: JsonSchema;
  /** The expressions of `set: {key: expression}`. */
  readonly set: readonly { readonly key: Word; readonly value: ParsedValue }[];
}

export type ParsedCode =
  | { readonly type: 'inline'; readonly body: CodeBody; readonly network: boolean; readonly line: number; readonly column: number }
  | { readonly type: 'script'; readonly reference: Word; readonly found: ReturnType<ProjectScript>; readonly network: boolean };
type ProjectScript = (reference: string, from: string) => { readonly source: string } | { readonly problem: string };

export type ParsedOutput =
  | { readonly type: 'value'; readonly value: ParsedValue }
  | { readonly type: 'responses'; readonly responses: readonly ParsedResponse[] };

export type ResponsePart = 'when' | 'status' | 'headers' | 'body';
export type ParsedResponse = Readonly<Partial<Record<ResponsePart, ParsedValue>>>;

/** Dozens of rules ask for the same reads: they are listed once for each agent or body. */
function once<Key extends object, Value>(list: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, Value>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = list(key);
      known.set(key, value);
    }
    return value;
  };
}

/** What an agent reads before and while it works: its loop, condition, cache key, input, config and code, but not its `set`. */
export const workReads = once((agent: ParsedAgent): readonly Read[] => {
  const { loopItems, loopBreakWhen, condition, cacheKey, input, config } = agent;
  return [...[loopItems, loopBreakWhen, condition, cacheKey, input, config].flatMap((value) => value?.reads ?? []), ...codeReads(agent)];
});

/** What an inline code body reads; what a script reads is not looked at. */
export function codeReads({ code }: ParsedAgent): readonly Read[] {
  return code?.type === 'inline' ? code.body.reads : [];
}

export const setReads = once((agent: ParsedAgent): readonly Read[] => agent.set.flatMap(({ value }) => value.reads));

export function outputReads(output: ParsedOutput | undefined): readonly Read[] {
  if (output === undefined) return [];
  if (output.type === 'value') return output.value.reads;
  return output.responses.flatMap((response) => Object.values(response).flatMap((value) => value.reads));
}

export function limitReads({ limits }: ParsedBody): readonly Read[] {
  return Object.values(limits).flatMap((limit) => (typeof limit === 'number' ? [] : limit.reads));
}

/** What a flow step or an entry of `flow:` reads by itself, outside of the agents in it. */
export function stepReads({ condition, value, items, breakWhen, input, set }: ParsedStepValues): readonly Read[] {
  return [
    ...[condition, value, items, breakWhen, input].flatMap((part) => part?.reads ?? []),
    ...set.flatMap((field) => field.value.reads),
  ];
}

/** What is read outside of agents where all of the state may be read: output, triggers, limits and flow steps. */
export const openReads = once((body: ParsedBody): readonly Read[] => {
  const steps = [...body.stepValues.values()].flatMap(stepReads);
  return [...outputReads(body.output), ...body.triggers.flatMap((trigger) => trigger.reads), ...limitReads(body), ...steps];
});

/** What is evaluated before the first agent: the scope key and the initial values. */
export function openingReads(body: ParsedBody): readonly Read[] {
  return [...(body.stateKey?.reads ?? []), ...(body.stateInitial?.reads ?? [])];
}

export const allReads = once((body: ParsedBody): readonly Read[] => [
  ...body.agents.flatMap((agent) => [...workReads(agent), ...setReads(agent)]),
  ...openReads(body),
  ...openingReads(body),
]);
