import type { EventBody, RunEvent } from '../../../program/run-event.ts';

/** Files are run step by step, also in a run that is resumed: their tries are part of its order. */
const RUNS_A_FILE: ReadonlySet<string> = new Set(['agent', 'ensemble']);

/** The agents that run files, by what a record says of them. */
export function findFileAgents(events: readonly RunEvent[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const event of events) if (event.type === 'agent.started' && RUNS_A_FILE.has(event.operation)) found.add(event.agent);
  return found;
}

/**
 * The line of an event whose place among all others counts: what one agent, step or body does is one line, in which one event follows another. Undefined for those that only tell of
 * something (a log line, a warning, the tries of an agent that runs no file).
 */
export function lineOf(event: EventBody, fileAgents: ReadonlySet<string>): string | undefined {
  switch (event.type) {
    case 'agent.started':
    case 'agent.skipped':
    case 'agent.finished':
    case 'agent.failed':
      return agentLine(event.agent);
    case 'attempt.started':
    case 'attempt.failed':
      return fileAgents.has(event.agent) ? attemptLine(event.agent) : undefined;
    case 'step.started':
    case 'step.decided':
    case 'step.finished':
    case 'step.failed':
      return stepLine(event.step);
    case 'state.loaded':
    case 'state.committed':
    case 'state.failed':
      return stateLine(event.agent ?? '');
    case 'run.compensating':
      return undoLine(event.agent ?? '');
    case 'run.stopping':
      return stopLine(event.agent ?? '');
    case 'run.started':
    case 'run.resumed':
    case 'run.forked':
    case 'run.finished':
      return event.type;
    default:
      return undefined;
  }
}

export const agentLine = (path: string): string => `agent ${path}`;
export const attemptLine = (path: string): string => `attempt ${path}`;
export const stepLine = (path: string): string => `step ${path}`;
/** Of the body that the agent of this path runs; `''` is the ensemble's. */
export const stateLine = (path: string): string => `state ${path}`;
/** What undoes the ensemble that the agent of this path runs. */
export const undoLine = (path: string): string => `undo ${path}`;
export const stopLine = (path: string): string => `stop ${path}`;
/** Of what follows the body that the agent of this path runs: the end of a try, or of the agent; of the run. */
export const endLines = (path: string): readonly string[] => (path === '' ? ['run.finished'] : [attemptLine(path), agentLine(path)]);
