import type { Template } from '../../../program/expression.ts';
import { codeReads, type ParsedAgent, type ParsedBody, type ParsedStepValues } from '../../model/parsed-body.ts';
import type { ParsedValue, Read } from '../../model/read.ts';
import { agentAt, type Place, runningPlaces } from '../../model/step-places.ts';
import type { Phase } from './step-order.ts';

/** What one value of a step, or one code body, reads at one place. */
export interface StepReads {
  readonly place: Place;
  readonly phase: Phase;
  /** What the value is for: a condition is a question that a missing value answers as well, and a loop's items are evaluated outside of it. */
  readonly part: 'condition' | 'loop-items' | 'loop-end' | 'set' | 'value' | 'code';
  readonly reads: readonly Read[];
  /** Absent for code, whose ways through are not looked at. */
  readonly template?: Template;
}

/** The reads of everything that runs, by place. An agent that several entries of `flow:` run is read at each of their places. */
export function readsByPlace(body: ParsedBody, places = runningPlaces(body.model)): readonly StepReads[] {
  return places.flatMap((place) => {
    const agent = agentAt(place);
    const parsed = agent === undefined ? undefined : body.agents[agent.index];
    const own = body.stepValues.get(place.step);
    if (place.step.type === 'run') return runReads(place, own, parsed);
    return parsed === undefined ? flowReads(place, own) : agentReads(place, parsed);
  });
}

/** An entry of `flow:` replaces the condition, input and `set` of its agent where it gives them (LANGUAGE §6.4). */
function runReads(place: Place, own: ParsedStepValues | undefined, agent: ParsedAgent | undefined): readonly StepReads[] {
  const { step } = place;
  const reads = [
    ...toReads(place, 'work', 'condition', own?.condition),
    ...toReads(place, 'work', 'value', own?.input),
    ...setReads(place, own?.set),
  ];
  if (agent === undefined || step.type !== 'run') return reads;
  const { condition, input, ...rest } = agent;
  const kept: ParsedAgent = {
    ...rest,
    ...(step.condition === undefined && condition !== undefined && { condition }),
    ...(step.input === undefined && input !== undefined && { input }),
    set: step.state?.set === undefined ? agent.set : [],
  };
  return [...reads, ...agentReads(place, kept)];
}

function agentReads(place: Place, agent: ParsedAgent): readonly StepReads[] {
  const code = codeReads(agent);
  return [
    ...toReads(place, 'work', 'loop-items', agent.loopItems),
    ...toReads(place, 'work', 'condition', agent.condition),
    ...toReads(place, 'work', 'value', agent.cacheKey),
    ...toReads(place, 'work', 'value', agent.input),
    ...toReads(place, 'work', 'value', agent.config),
    ...(code.length === 0 ? [] : [{ place, phase: 'work', part: 'code', reads: code } as const]),
    ...toReads(place, 'after', 'loop-end', agent.loopBreakWhen),
    ...setReads(place, agent.set),
  ];
}

function flowReads(place: Place, values: ParsedStepValues | undefined): readonly StepReads[] {
  const isWhile = place.step.type === 'while';
  return [
    ...toReads(place, isWhile ? 'after' : 'work', isWhile ? 'loop-end' : 'condition', values?.condition),
    ...toReads(place, 'work', 'condition', values?.value),
    ...toReads(place, 'work', 'loop-items', values?.items),
    ...toReads(place, 'after', 'loop-end', values?.breakWhen),
  ];
}

function setReads(place: Place, set: ParsedAgent['set'] | undefined): readonly StepReads[] {
  return (set ?? []).flatMap(({ value }) => toReads(place, 'after', 'set', value));
}

function toReads(place: Place, phase: Phase, part: StepReads['part'], value: ParsedValue | undefined): readonly StepReads[] {
  return value === undefined || value.reads.length === 0 ? [] : [{ place, phase, part, reads: value.reads, template: value.template }];
}
