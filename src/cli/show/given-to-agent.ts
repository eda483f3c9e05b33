import { type FoundStep, findStep } from '../../program/find-step.ts';
import type { JsonObject, JsonValue } from '../../program/json.ts';
import type { AgentStep, CalledFile, Program } from '../../program/program.ts';
import type { RunEvent } from '../../program/run-event.ts';
import { checkBodyInput } from '../../runtime/engine/check-body-input.ts';
import { prepareTemplate } from '../../runtime/engine/evaluate.ts';
import { prepareAgent } from '../../runtime/engine/prepare-agent.ts';
import { templateSource } from '../../runtime/engine/template-source.ts';
import type { Scope } from '../../runtime/expression/scope.ts';
import { FailureError } from '../../runtime/failure.ts';
import { fold } from '../../runtime/journal/fold.ts';
import { readableState } from '../history/state-at.ts';
import { localsAt } from './recorded-locals.ts';
import { RecordedResults } from './recorded-results.ts';

/** What an agent was given: its `input`, and its `config` with all expressions evaluated; absent where it has none. */
export interface GivenToAgent {
  readonly input?: JsonValue;
  readonly config?: JsonValue;
  /** What a code body reads of the run, by its expressions and the outputs of the agents that it names. */
  readonly reads?: JsonObject;
  /** Why it cannot be told, as a sentence. */
  readonly problem?: string;
}

/**
 * What the agent that began with the event at `index` was given. A journal holds what comes out of agents; what went in follows from that and the program, so it is
 * worked out here again, over the redacted record: a variable of the environment reads as `[env NAME]`.
 */
export function findGiven(program: Program, events: readonly RunEvent[], index: number): GivenToAgent {
  const started = events[index];
  if (started?.type !== 'agent.started') return {};
  const found = findStep(program, started.agent);
  if (found?.step.type !== 'agent') return { problem: 'The program of the run has no such agent.' };
  try {
    return evaluateGiven(program, events, { index, started, found, step: found.step });
  } catch (error) {
    if (error instanceof FailureError) return { problem: error.failure.message };
    throw error;
  }
}

/** A scope whose results come from the journal. */
interface RecordedScope extends Omit<Scope, 'agents'> {
  readonly agents: RecordedResults;
}

interface Begun {
  readonly index: number;
  readonly started: Extract<RunEvent, { type: 'agent.started' }>;
  readonly found: FoundStep;
  readonly step: AgentStep;
}

function evaluateGiven(program: Program, events: readonly RunEvent[], begun: Begun): GivenToAgent {
  const { condition, input, config } = prepareAgent(begun.step);
  const scope = buildScope(program, events, begun);
  // In the order in which the engine evaluates them: what they draw comes in that order.
  condition?.(scope);
  const own = input === undefined ? undefined : (input(scope) ?? null);
  const inner = own === undefined ? scope : { ...scope, input: own };
  const given = config?.(inner);
  const reads = readsOfCode(begun.step, inner);
  return {
    ...(own === undefined ? {} : { input: own }),
    ...(given === undefined ? {} : { config: given }),
    ...(Object.keys(reads).length === 0 ? {} : { reads }),
  };
}

function readsOfCode({ action }: AgentStep, scope: RecordedScope): JsonObject {
  if (action.type !== 'code') return {};
  const holes = action.holes.map((hole): [string, JsonValue] => [templateSource(hole), prepareTemplate(hole)(scope) ?? null]);
  const outputs = action.agents.map((name): [string, JsonValue] => [`${name}.output`, scope.agents.get(name)?.output ?? null]);
  return Object.fromEntries([...holes, ...outputs]);
}

function buildScope(program: Program, events: readonly RunEvent[], { index, started, found, step }: Begun): RecordedScope {
  const { agent, at, compensates } = started;
  const { owner, around } = found;
  // What undoes an agent reads the scope as it stood after that one (LANGUAGE §2.4).
  const before = events.slice(0, compensates === undefined ? index : endOf(events, compensates) + 1);
  const snapshot = fold(before);
  const file = owner === '' ? undefined : calledBy(program, owner);
  const { body } = file ?? program;
  const state = snapshot.states.get(owner);
  const all = state === undefined ? {} : readableState(state, body.state, at);
  const { run: id, startedAt: started_at, attempt } = snapshot;
  const draw = drawnBy(agent, events.slice(endOf(before, agent) + 1));
  return {
    input: inputOfBody(program, events.slice(0, index), owner, snapshot.input),
    state: step.useAll ? all : pick(all, step.use),
    env: nameVariables(step),
    run: { id, ensemble: file?.kind === 'ensemble' ? file.name : program.ensemble, started_at, attempt },
    trigger: owner === '' ? snapshot.trigger : undefined,
    ...localsAt(snapshot, { owner, around }),
    agents: new RecordedResults(program, snapshot, { owner, around }),
    now: () => Number(draw('now') ?? at),
    uuid: () => String(draw('uuid') ?? '[uuid]'),
    random: () => Number(draw('random') ?? 0),
    missing: () => {},
  };
}

/** Where the agent of that path last ended; -1 when it did not. */
function endOf(events: readonly RunEvent[], path: string): number {
  return events.findLastIndex((event) => ENDS.has(event.type) && 'agent' in event && event.agent === path);
}

const ENDS: ReadonlySet<string> = new Set(['agent.finished', 'agent.failed', 'agent.skipped']);

/** What chance and the clock gave the expressions of an agent, one after the other. */
function drawnBy(path: string, events: readonly RunEvent[]) {
  const drawn = events.filter((event) => event.type === 'value.drawn').filter(({ agent }) => agent === path);
  return (source: string) => {
    const next = drawn.findIndex((event) => event.source === source);
    return next === -1 ? undefined : drawn.splice(next, 1)[0]?.value;
  };
}

/** The root `input` inside the body of that path; the last time that it began. */
function inputOfBody(program: Program, events: readonly RunEvent[], owner: string, runInput: JsonValue): JsonValue {
  const file = owner === '' ? undefined : calledBy(program, owner);
  if (file === undefined) return runInput;
  const index = events.findLastIndex((event) => event.type === 'agent.started' && event.agent === owner);
  const around = findStep(program, owner)?.owner ?? '';
  const given = findGiven(program, events, index).input ?? inputOfBody(program, events.slice(0, Math.max(0, index)), around, runInput);
  return checkBodyInput(file.body, given, 'The input');
}

/** The file that the agent of that path runs. */
function calledBy(program: Program, path: string): CalledFile | undefined {
  const step = findStep(program, path)?.step;
  return step?.type === 'agent' && step.action.type === 'body' ? program.files[step.action.file] : undefined;
}

function pick(values: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([key]) => keys.includes(key)));
}

/** Variables are no part of a journal: each that the agent names stands for itself. */
function nameVariables(step: AgentStep): JsonObject {
  const names = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, object, property } = node as { readonly type?: unknown; readonly object?: unknown; readonly property?: unknown };
    if (type === 'member' && typeof property === 'string' && isEnvironment(object)) names.add(property);
    for (const child of Object.values(node)) walk(child);
  };
  walk([step.condition, step.input, ...worksOf(step)]);
  return Object.fromEntries(Array.from(names, (name) => [name, `[env ${name}]`]));
}

function worksOf({ action }: AgentStep): readonly unknown[] {
  return action.type === 'body' ? [] : [action.config, ...(action.type === 'code' ? action.holes : [])];
}

function isEnvironment(node: unknown): boolean {
  return typeof node === 'object' && node !== null && 'type' in node && node.type === 'root' && 'name' in node && node.name === 'env';
}
