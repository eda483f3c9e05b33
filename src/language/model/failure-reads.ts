import { allReads, type ParsedAgent, type ParsedBody, setReads, stepReads, workReads } from './parsed-body.ts';
import type { Read } from './read.ts';
import { agentBlocks, blocksOf, type StepModel } from './step-model.ts';

const FAILURE_FIELDS: ReadonlySet<string> = new Set(['failed', 'error', 'failure', 'success']);

/**
 * The agents and flow steps whose failure some expression reads, which is one way to handle it (LANGUAGE §2.2). A loop that asks in its `breakWhen` asks about one
 * of its iterations: see `asksEachItem`.
 */
export function namesAskedForFailure(body: ParsedBody): ReadonlySet<string> {
  return namesAskedIn(allReads(body), body);
}

/**
 * The same for the `steps` of a `try`, where only what they read themselves counts: a `catch` that tells the error of the agent that it caught, or an output that tells
 * whether that one failed, does not keep the failure from being caught.
 */
export function namesAskedForFailureWithin(steps: readonly StepModel[], body: ParsedBody): ReadonlySet<string> {
  return namesAskedIn([...readsWithin(steps, body)], body);
}

function* readsWithin(steps: readonly StepModel[], body: ParsedBody): Generator<Read> {
  for (const step of steps) {
    const values = body.stepValues.get(step);
    if (values !== undefined) yield* stepReads(values);
    const agent = step.type === 'agent' || step.type === 'run' ? step.agent : undefined;
    const parsed = agent === undefined ? undefined : body.agents[agent.index];
    if (parsed !== undefined) yield* [...workReads(parsed), ...setReads(parsed)];
    for (const block of agent === undefined ? blocksOf(step) : agentBlocks(agent)) yield* readsWithin(block.steps, body);
  }
}

function namesAskedIn(reads: readonly Read[], body: ParsedBody): ReadonlySet<string> {
  const asked = new Set<string>();
  const own = new Set(body.agents.flatMap((agent) => (agent.loopBreakWhen?.reads ?? []).filter((read) => isOwn(read, agent))));
  for (const read of reads) if (asksForFailure(read) && !own.has(read)) asked.add(read.name);
  return asked;
}

/** Whether the `breakWhen` of an agent's loop reads how the agent fared with the item: then a failure with one item is handled. */
export function asksEachItem(agent: ParsedAgent, names: readonly string[]): boolean {
  return (agent.loopBreakWhen?.reads ?? []).some((read) => asksForFailure(read) && names.includes(read.name));
}

function isOwn({ kind, name }: Read, { model }: ParsedAgent): boolean {
  return kind === 'agent' && name === model.name.text;
}

function asksForFailure({ kind, path }: Read): boolean {
  return kind === 'agent' && FAILURE_FIELDS.has(path[0] ?? '');
}
