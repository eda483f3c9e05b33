import type { RunEvent } from '../../../src/program/run-event.ts';

/** What differs from one run to the next of the same engine. */
const OWN: ReadonlySet<string> = new Set([
  'at',
  'run',
  'seq',
  'duration_ms',
  'program',
  'file',
  'until',
  'scope',
  'version',
  'waited_ms',
  'date',
]);

/** How often a run came back to life is no part of what it does: a paused run that waits goes on in a new life of its instance. */
const ONLY_LIFE: ReadonlySet<RunEvent['type']> = new Set(['run.resumed']);

/** Events without what tells one run from another; `of` is what the input says of it. */
export function plainEvents(events: readonly RunEvent[], of: string): readonly PlainEvent[] {
  return events.flatMap((event) => {
    if (ONLY_LIFE.has(event.type)) return [];
    const text = JSON.stringify(event, (key, value: unknown) => (OWN.has(key) ? undefined : value));
    return [JSON.parse(text.replaceAll(of, 'OF').replace(/\d+ ms/g, 'N ms')) as PlainEvent];
  });
}

export interface PlainEvent {
  readonly type: string;
  readonly agent?: string;
  readonly step?: string;
}

/** What happens side by side has no order but that of each agent, and of each step. */
export function byLine(events: readonly PlainEvent[]): Readonly<Record<string, readonly PlainEvent[]>> {
  const lines: Record<string, PlainEvent[]> = {};
  for (const event of events) {
    const line = event.agent ?? event.step ?? '';
    lines[line] = [...(lines[line] ?? []), event];
  }
  return lines;
}
