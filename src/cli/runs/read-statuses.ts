import type { RunStatus } from '../../program/run-event.ts';
import { suggest } from '../../program/suggest.ts';
import { UsageProblem } from '../usage-problem.ts';

const STATUSES: readonly RunStatus[] = ['running', 'waiting', 'paused', 'succeeded', 'failed', 'cancelled'];

/** In these a run is over. */
export const OVER: readonly RunStatus[] = ['succeeded', 'failed', 'cancelled'];

/**
 * The statuses of `--status running,failed`.
 * @throws UsageProblem for a word that is none of `allowed`.
 */
export function readStatuses(text: string, allowed: readonly RunStatus[] = STATUSES): readonly RunStatus[] {
  return text.split(',').map((word) => {
    const name = word.trim().toLowerCase();
    const found = allowed.find((status) => status === name);
    if (found !== undefined) return found;
    const meant = suggest(name, allowed);
    const help = meant === undefined ? `takes ${allowed.join(', ')}` : `did you mean ${meant}? It takes ${allowed.join(', ')}`;
    throw new UsageProblem(`--status does not know "${word.trim()}": ${help}`);
  });
}
