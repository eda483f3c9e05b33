import type { Program } from '../program/program.ts';
import type { EventBody, RunEvent } from '../program/run-event.ts';
import type { RunRequest } from '../program/run-request.ts';

/** What a run tells the one that is forked from it. */
export interface ForkSource {
  readonly program: Program;
  readonly request: RunRequest;
  /** As they are without redaction, as far as that is kept. */
  readonly events: readonly RunEvent[];
  /** Those of them that redaction changed, as they may be shown. */
  readonly shown: readonly RunEvent[];
}

/** An event as it is, and as it may be shown; the same object when that is the same. */
export interface ForkedEvent {
  readonly event: RunEvent;
  readonly shown: RunEvent;
}

/**
 * How many events come before the first one of an agent, or of the flow step or loop of that path; undefined when it never began. A path without the positions that events name it by means the
 * first time that it began.
 */
export function findCut(events: readonly RunEvent[], path: string): number | undefined {
  const paths = events.map(beginningOf);
  const exact = paths.indexOf(path);
  const index = exact === -1 ? paths.findIndex((begun) => begun?.replace(POSITIONS, '') === path) : exact;
  return index === -1 ? undefined : index;
}

/** The agents, loops and flow steps that began, in order. */
export function listBegun(events: readonly RunEvent[]): readonly string[] {
  return [...new Set(events.flatMap((event) => beginningOf(event) ?? []))];
}

/**
 * The journal that the new run begins with: a start of its own, what the old run had done before the cut, each event at its time, and `forked`. Left out is what only the old run's life was
 * about: that it was resumed, paused, or stopped as a whole.
 */
export function buildForkRecord(
  { events, shown }: Pick<ForkSource, 'events' | 'shown'>,
  {
    cut,
    run,
    started,
    forked,
  }: { readonly cut: number; readonly run: string; readonly started: ForkedEvent; readonly forked: ForkedEvent },
): readonly ForkedEvent[] {
  const shownAs = new Map(shown.map((event) => [event.seq, event]));
  const kept = events.slice(1, cut).filter((event) => !isOfItsLife(event));
  const copies = kept.map((event, index): ForkedEvent => {
    const header = { seq: index + 1, run };
    const copy = { ...event, ...header };
    const other = shownAs.get(event.seq);
    return { event: copy, shown: other === undefined ? copy : { ...other, ...header } };
  });
  const seq = copies.length + 1;
  const last = { ...forked.event, seq };
  return [started, ...copies, { event: last, shown: forked.shown === forked.event ? last : { ...forked.shown, seq } }];
}

const LIFE: ReadonlySet<EventBody['type']> = new Set(['run.resumed', 'run.paused', 'run.continued']);
const POSITIONS = /\[\d+\]/g;

function isOfItsLife(event: RunEvent): boolean {
  return LIFE.has(event.type) || (event.type === 'run.stopping' && event.agent === undefined);
}

function beginningOf(event: RunEvent): string | undefined {
  if (event.type === 'agent.started' || event.type === 'agent.skipped') return event.agent;
  return event.type === 'step.started' ? event.step : undefined;
}
