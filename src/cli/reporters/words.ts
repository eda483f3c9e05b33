import type { Failure } from '../../program/failure.ts';
import type { RunEvent, Usage } from '../../program/run-event.ts';
import { fitWidth } from '../terminal/fit-width.ts';
import { groupDigits } from '../terminal/group-digits.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import type { OpenFlow } from './flow-progress.ts';

/* The phrases that lines about a run are made of. All text that comes from files, data or servers passes `harmless`. */

const MOST_NAMES = 6;
/** Cells of a value that a line quotes. */
const VALUE_CELLS = 60;

/** `HTTP_STATUS: GET https://… answered 500`, on one line. */
export function failureLine({ code, message }: Pick<Failure, 'code' | 'message'>): string {
  return `${code}: ${harmlessLine(message)}`;
}

/** `a, b and 3 more`. */
export function listNames(names: readonly string[]): string {
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `${names.slice(0, MOST_NAMES).map(harmlessLine).join(', ')}${more}`;
}

/** `1 item`, `10,000 items`. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${groupDigits(count)} ${count === 1 ? noun : plural}`;
}

export function waitingText(event: Extract<RunEvent, { type: 'run.waiting' }>): string {
  if (event.reason === 'approval') return `waits for an approval${event.prompt === undefined ? '' : `: ${harmlessLine(event.prompt)}`}`;
  if (event.reason === 'signal')
    return `waits for the signal ${harmlessLine(event.signal ?? '')} (ensemble signal ${event.run} ${harmlessLine(event.signal ?? '')})`;
  if (event.until !== undefined) return `waits until ${new Date(event.until).toISOString()}`;
  return 'waits';
}

/** A value that an expression gave, short enough for a line. */
export function sawText(saw: unknown): string {
  if (saw === '') return 'empty';
  return saw === null ? 'missing' : fitWidth(harmlessLine(JSON.stringify(saw) ?? 'missing'), VALUE_CELLS);
}

export function usageFacts(usage: Usage | undefined): readonly string[] {
  if (usage === undefined) return [];
  const tokens = countOf(usage.input_tokens + usage.output_tokens, 'token');
  return usage.cost_usd === undefined ? [tokens] : [tokens, `$${usage.cost_usd.toFixed(4)}`];
}

/** What an agent's end tells beside its duration. */
export function agentFacts(event: Extract<RunEvent, { type: 'agent.finished' | 'agent.failed' }>): readonly string[] {
  return [
    ...('cached' in event && event.cached === true ? ['from the cache'] : []),
    ...(event.attempts > 1 ? [`${event.attempts} attempts`] : []),
    ...(event.type === 'agent.failed' || event.response === undefined ? [] : [`HTTP ${event.response.status}`]),
    ...usageFacts(event.usage),
  ];
}

const UNITS: Readonly<Partial<Record<OpenFlow['kind'], string>>> = {
  foreach: 'item',
  loop: 'item',
  'map-reduce': 'item',
  parallel: 'branch',
  while: 'round',
};

/** What a flow step goes over, when it begins: `10,000 items`, `3 branches`; else its kind. */
export function extentText({ kind, total }: Pick<OpenFlow, 'kind' | 'total'>): string {
  const unit = UNITS[kind];
  return unit === undefined || total === undefined ? kind : countOf(total, unit, pluralOf(unit));
}

/** How far a flow step is: `1,204/10,000`, `12 failed`, `3 retries`; nothing for one that is not counted. */
export function progressFacts({ done, total, failed, retries, kind }: OpenFlow): readonly string[] {
  const unit = UNITS[kind];
  if (unit === undefined) return [];
  const far = total === undefined ? countOf(done, unit, pluralOf(unit)) : `${groupDigits(done)}/${groupDigits(total)}`;
  return [far, ...troubleFacts(failed, retries)];
}

/** How far a flow step came: `5 items`, `3 of 5 items`, `4 rounds`. */
export function endFacts(
  { kind, total, failed, retries }: Pick<OpenFlow, 'kind' | 'total' | 'failed' | 'retries'>,
  rounds: number | undefined,
): readonly string[] {
  const unit = UNITS[kind];
  if (unit === undefined) return [];
  const all = total ?? rounds;
  const extent = all === undefined ? [] : [countOf(all, unit, pluralOf(unit))];
  const cut = total !== undefined && rounds !== undefined && rounds < total ? `${groupDigits(rounds)} of ` : '';
  return [...extent.map((text) => cut + text), ...troubleFacts(failed, retries)];
}

function troubleFacts(failed: number, retries: number): readonly string[] {
  return [...(failed === 0 ? [] : [`${groupDigits(failed)} failed`]), ...(retries === 0 ? [] : [countOf(retries, 'retry', 'retries')])];
}

function pluralOf(unit: string): string {
  return unit === 'branch' ? 'branches' : `${unit}s`;
}
