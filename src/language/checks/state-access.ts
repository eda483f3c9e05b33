import type { Span } from '../../program/diagnostic.ts';
import { type AgentModel, type SetModel, type StateModel, usesAll } from '../model/body-model.ts';
import type { Word } from '../model/fields.ts';
import { openingReads, openReads, type ParsedAgent, type ParsedBody, setReads, stepReads, workReads } from '../model/parsed-body.ts';
import type { Read } from '../model/read.ts';

/** Which state keys a body reads and writes (LANGUAGE §4.1, §4.2), each with the first place where it does. */
export interface StateAccess {
  /** Keys that an expression or a code body reads by name. */
  readonly read: ReadonlyMap<string, Span>;
  /** Keys that a `use` lists. */
  readonly used: ReadonlyMap<string, Span>;
  /** Keys that a `set` lists, or that a code body hands to `setState`. */
  readonly set: ReadonlyMap<string, Span>;
  /** Something reads, or may read, every key there is. */
  readonly readsAll: boolean;
}

export function findStateAccess(body: ParsedBody): StateAccess {
  const known = FOUND.get(body) ?? collectAccess(body);
  FOUND.set(body, known);
  return known;
}

/** Several rules ask for the same. */
const FOUND = new WeakMap<ParsedBody, StateAccess>();

function collectAccess(body: ParsedBody): StateAccess {
  const { model } = body;
  const read = new Map<string, Span>();
  const used = new Map<string, Span>();
  const set = new Map<string, Span>();
  let readsAll = false;
  const note = (keys: Map<string, Span>, key: string, span: Span): void => {
    if (!keys.has(key)) keys.set(key, span);
  };
  const noteReads = (reads: readonly Read[], seesAll: boolean): void => {
    for (const { kind, name, path, span } of reads) {
      if (kind !== 'root' || name !== 'state') continue;
      const [key] = path;
      if (key !== undefined) note(read, key, span);
      else if (seesAll) readsAll = true;
    }
  };
  for (const agent of body.agents) {
    const seesAll = usesAll(agent.model, model);
    for (const { text, span } of agent.model.use) if (!seesAll || text !== 'state') note(used, text, span);
    for (const { text, span } of writtenKeys(agent)) note(set, text, span);
    noteReads([...workReads(agent), ...setReads(agent)], seesAll);
    if (seesAll && isOpaque(agent)) readsAll = true;
  }
  for (const step of body.stepValues.keys()) {
    if (step.type !== 'run' || step.state === undefined) continue;
    const { use = [] } = step.state;
    const seesAll = step.agent !== undefined && usesAll({ ...step.agent, use }, model);
    for (const { text, span } of use) if (!seesAll || text !== 'state') note(used, text, span);
    if (seesAll) readsAll = true;
    for (const { text, span } of keysOf(step.state.set ?? NO_SET)) note(set, text, span);
  }
  noteReads([...openReads(body), ...openingReads(body)], true);
  return { read, used, set, readsAll };
}

/** The keys that an agent writes, where they are named: in its `set`, and in the `setState({…})` of its code. */
export function writtenKeys({ model, code }: Pick<ParsedAgent, 'model' | 'code'>): readonly Word[] {
  const called = code?.type === 'inline' ? code.body.stateWrites : [];
  return [...keysOf(model.set), ...called.flatMap(({ key, span }) => (key === undefined ? [] : [{ text: key, span }]))];
}

const NO_SET: SetModel = { type: 'none' };

/** The keys of a `set`, however it is written. */
export function keysOf(set: SetModel): readonly Word[] {
  if (set.type === 'none') return [];
  return set.type === 'fields' ? set.fields.map(({ key }) => key) : set.keys;
}

/**
 * The keys of the state that an agent reads, with those that `elsewhere` reads in its place; undefined when it cannot be told, as it reads, or may read, all
 * that it sees.
 */
export function keysReadBy(agent: ParsedAgent, elsewhere: readonly Read[]): ReadonlySet<string> | undefined {
  if (isOpaque(agent)) return undefined;
  const keys = new Set<string>();
  for (const { kind, name, path } of [...workReads(agent), ...setReads(agent), ...elsewhere]) {
    if (kind !== 'root' || name !== 'state') continue;
    const [key] = path;
    if (key === undefined) return undefined;
    keys.add(key);
  }
  return keys;
}

/** What the entries of `flow:` read in place of the agents that they run (LANGUAGE §6.4). */
export function findFlowReads(body: ParsedBody): ReadonlyMap<AgentModel, readonly Read[]> {
  const reads = new Map<AgentModel, Read[]>();
  for (const [step, values] of body.stepValues) {
    if (step.type !== 'run' || step.agent === undefined) continue;
    const known = reads.get(step.agent) ?? [];
    known.push(...stepReads(values));
    reads.set(step.agent, known);
  }
  return reads;
}

/** Whether the agent does its work where this file cannot see it: in a script, an agent file, another ensemble. */
export function isOpaque({ model, code }: Pick<ParsedAgent, 'model' | 'code'>): boolean {
  return model.work.type !== 'operation' || code?.type === 'script';
}

/** The keys that `state.initial` gives, with their places; undefined when it is an expression, which may give any. */
export function initialKeys({ initial }: StateModel): ReadonlyMap<string, Span> | undefined {
  if (initial === undefined) return new Map();
  return initial.kind === 'mapping' ? new Map(initial.entries.map(({ key }) => [key.text, key.span])) : undefined;
}
