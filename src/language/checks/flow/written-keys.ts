import type { ParsedAgent, ParsedBody } from '../../model/parsed-body.ts';
import type { StepModel } from '../../model/step-model.ts';
import { keysOf, writtenKeys } from '../state-access.ts';

/** The state keys that steps write, by name; undefined when code writes keys that cannot be told. Only the steps given, not those that they hold. */
export function keysWrittenBy(steps: readonly StepModel[], body: ParsedBody): ReadonlySet<string> | undefined {
  const keys = new Set<string>();
  for (const step of steps) {
    if (step.type === 'run' && step.state?.set !== undefined) for (const { text } of keysOf(step.state.set)) keys.add(text);
    const agent = step.type === 'agent' || step.type === 'run' ? body.agents[step.agent?.index ?? -1] : undefined;
    if (agent === undefined) continue;
    if (writesUnseen(agent)) return undefined;
    for (const { text } of writtenKeys(agent)) keys.add(text);
  }
  return keys;
}

/** Code can hand any key to `setState` unless the agent's `set` says which ones it takes. */
function writesUnseen({ model, code }: ParsedAgent): boolean {
  if (code === undefined || model.set.type !== 'none') return false;
  return code.type === 'script' || code.body.stateWrites.some(({ key }) => key === undefined);
}
