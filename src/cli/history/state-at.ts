import type { JsonObject } from '../../program/json.ts';
import type { StatePlan } from '../../program/program.ts';
import type { RunEvent } from '../../program/run-event.ts';
import { suggest } from '../../program/suggest.ts';
import { fold } from '../../runtime/journal/fold.ts';
import type { StateSnapshot } from '../../runtime/journal/run-snapshot.ts';
import { prepareKeyRules } from '../../runtime/state/key-rules.ts';
import { listNames } from '../reporters/words.ts';
import { UsageProblem } from '../usage-problem.ts';
import { findCheckpoint } from './checkpoints.ts';

/** Where in a run: after the agent (or flow step) of that path ended for the last time, or at the checkpoint of that number. */
export type Point = { readonly type: 'path'; readonly path: string } | { readonly type: 'number'; readonly number: number };

/** What `--at` says. Names of agents begin with a letter, so a number is a checkpoint. */
export function parsePoint(text: string): Point {
  return /^\d+$/.test(text) ? { type: 'number', number: Number(text) } : { type: 'path', path: text };
}

/**
 * The events up to and with the one that a point is.
 * @throws UsageProblem when the run has no such point; it says which it has.
 */
export function eventsUntil(events: readonly RunEvent[], point: Point): readonly RunEvent[] {
  const end = point.type === 'number' ? findCheckpoint(events, point.number) : findEnd(events, point.path);
  return events.slice(0, end + 1);
}

function findEnd(events: readonly RunEvent[], path: string): number {
  const index = events.findLastIndex((event) => endedPath(event) === path);
  if (index !== -1) return index;
  if (events.some((event) => event.type === 'agent.started' && event.agent === path)) {
    throw new UsageProblem(`"${path}" has not ended yet: the state as it stands now is shown without --at`);
  }
  const ended = [...new Set(events.flatMap((event) => endedPath(event) ?? []))];
  const near = suggest(path, ended);
  const there = ended.length === 0 ? 'no agent of it has ended yet' : `these ended: ${listNames(ended)}`;
  throw new UsageProblem(`no agent "${path}" ended in that run${near === undefined ? '' : `; did you mean "${near}"?`}\n${there}`);
}

function endedPath(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'agent.finished':
    case 'agent.failed':
    case 'agent.skipped':
      return event.agent;
    case 'step.finished':
    case 'step.failed':
      return event.step;
    default:
      return undefined;
  }
}

export interface StateView {
  /** The path of the agent whose file it belongs to; the ensemble's own is `''`. */
  readonly scope: string;
  readonly plan: StatePlan | undefined;
  /** Epoch ms: values past their `valid_for` then are absent, as for an agent that reads them. */
  readonly now: number;
}

/** The state as the events left it; undefined when the body that it belongs to had not begun. */
export function foldState(events: readonly RunEvent[], { scope, plan, now }: StateView): JsonObject | undefined {
  const state = fold(events).states.get(scope);
  return state === undefined ? undefined : readableState(state, plan, now);
}

/** What an agent could read of a state at `now`, epoch ms: all but what is past its `valid_for`. */
export function readableState({ values, writtenAt }: StateSnapshot, plan: StatePlan | undefined, now: number): JsonObject {
  if (plan === undefined) return values;
  const { declared } = prepareKeyRules(plan);
  const isValid = (key: string): boolean => {
    const at = Object.hasOwn(writtenAt, key) ? writtenAt[key] : undefined;
    return at === undefined || now < at + (declared.get(key)?.validForMs ?? Infinity);
  };
  return Object.fromEntries(Object.entries(values).filter(([key]) => isValid(key)));
}

/** The bodies whose state the events tell of, by path. */
export function scopesOf(events: readonly RunEvent[]): readonly string[] {
  return [...fold(events).states.keys()];
}
