import type { Program } from '../program/program.ts';
import type { EventBody, RunEvent } from '../program/run-event.ts';
import type { RunRequest } from '../program/run-request.ts';
import type { Secret } from '../program/secret.ts';

/** What a run tells the one that is forked from it. */
export interface ForkSource {
  readonly program: Program;
  readonly request: RunRequest;
  /** As they are without redaction, as far as that is kept. */
  readonly events: readonly RunEvent[];
  /** Those of them that redaction changed, as they may be shown. */
  readonly shown: readonly RunEvent[];
  /** What redaction had to find, in this host and in those before. */
  readonly secrets: readonly Secret[];
  /** Some of its secrets are not kept, or not to be opened: there events are only as they may be shown. */
  readonly hasLost: boolean;
}

/** What a run is told that has to do without its secrets. */
export const SECRETS_LOST = {
  type: 'warning',
  code: 'secrets-not-kept',
  message: 'Secrets of the run were not kept, or this host cannot open them: from here on it goes on with "[secret NAME]" in their place.',
} satisfies EventBody;

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
 * The journal that the new run begins with: a start of its own, what the old run had done before the cut, each event at its time, and `ends`. Left out is what only the old run's life was
 * about: that it was resumed, paused, or stopped as a whole.
 */
export function buildForkRecord(
  { events, shown }: Pick<ForkSource, 'events' | 'shown'>,
  {
    cut,
    run,
    started,
    ends,
  }: { readonly cut: number; readonly run: string; readonly started: ForkedEvent; readonly ends: readonly ForkedEvent[] },
): readonly ForkedEvent[] {
  const shownAs = new Map(shown.map((event) => [event.seq, event]));
  const kept = events.slice(1, cut).filter((event) => !isOfItsLife(event));
  const copied = kept.map((event): ForkedEvent => ({ event, shown: shownAs.get(event.seq) ?? event }));
  return [started, ...copied, ...ends].map((forked, seq): ForkedEvent => {
    const event = { ...forked.event, seq, run };
    return { event, shown: forked.shown === forked.event ? event : { ...forked.shown, seq, run } };
  });
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
