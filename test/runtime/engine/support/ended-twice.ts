import type { RunEvent } from '../../../../src/program/run-event.ts';

const ENDS: ReadonlySet<RunEvent['type']> = new Set(['agent.finished', 'agent.failed', 'step.finished', 'step.failed', 'run.finished']);

/** The agents and steps of a journal that end more often than they start, which none does. */
export function endedTwice(events: readonly RunEvent[]): readonly string[] {
  const open = new Map<string, number>();
  for (const event of events) {
    const name =
      'step' in event ? `step ${event.step}` : 'agent' in event && event.type !== 'run.finished' ? `agent ${event.agent}` : 'run';
    if (event.type.endsWith('.started') && event.type !== 'attempt.started') open.set(name, (open.get(name) ?? 0) + 1);
    if (ENDS.has(event.type)) open.set(name, (open.get(name) ?? 0) - 1);
  }
  return [...open].filter(([, left]) => left < 0).map(([name]) => name);
}
