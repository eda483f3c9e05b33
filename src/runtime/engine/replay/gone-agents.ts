import { findStep } from '../../../program/find-step.ts';
import type { Program } from '../../../program/program.ts';
import type { EventBody, RunEvent } from '../../../program/run-event.ts';

type Failed = Extract<EventBody, { readonly type: 'agent.failed' }>;

/**
 * How the agents end that are at work by the record and that the program, which takes the place of another one, does not have: nothing would ever end them, and what they wait for (a signal, an
 * answer) would be given to nobody.
 */
export function endGoneAgents(recorded: readonly RunEvent[], program: Program, now: number): readonly Failed[] {
  const open = new Map<string, { readonly at: number; attempts: number }>();
  for (const event of recorded) {
    if (event.type === 'agent.started') open.set(event.agent, { at: event.at, attempts: 1 });
    else if (event.type === 'agent.finished' || event.type === 'agent.failed') open.delete(event.agent);
    else if (event.type === 'attempt.started') {
      const agent = open.get(event.agent);
      if (agent !== undefined) agent.attempts = event.attempt;
    }
  }
  return [...open]
    .filter(([agent]) => findStep(program, agent)?.step.type !== 'agent')
    .map(([agent, { at, attempts }]) => ({
      type: 'agent.failed',
      agent,
      failure: { code: 'CANCELLED', message: 'The file with which the run goes on has no such agent.', retryable: false },
      attempts,
      duration_ms: Math.max(0, now - at),
      handled: true,
      stopped: true,
      tainted: false,
    }));
}
