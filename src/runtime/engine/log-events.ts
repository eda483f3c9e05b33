import type { EventBody } from '../../program/run-event.ts';
import type { CodeLog } from '../ports.ts';

/** What a code body logged, as events of its agent. */
export function logEvents(agent: string, logs: readonly CodeLog[]): readonly EventBody[] {
  return logs.map(({ level, message }) => ({ type: 'log', agent, level, message }));
}
