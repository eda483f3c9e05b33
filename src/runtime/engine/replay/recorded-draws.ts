import type { EventBody, RunEvent } from '../../../program/run-event.ts';

type Drawn = Extract<RunEvent, { readonly type: 'value.drawn' }>;

/** What expressions drew from the clock and from chance, by the path of whose they are: each is given once more, in the order in which they were drawn. */
export class RecordedDraws {
  readonly #paths = new Map<string, { readonly draws: Drawn[]; next: number }>();

  constructor(events: readonly RunEvent[]) {
    for (const event of events) {
      if (event.type !== 'value.drawn') continue;
      const path = event.agent ?? '';
      const known = this.#paths.get(path);
      if (known === undefined) this.#paths.set(path, { draws: [event], next: 0 });
      else known.draws.push(event);
    }
  }

  take(path: string, source: Drawn['source']): number | string | undefined {
    const known = this.#paths.get(path);
    const drawn = known?.draws[known.next];
    if (known === undefined || drawn?.source !== source) return undefined;
    known.next += 1;
    return drawn.value;
  }

  /** What was evaluated before this event was taken with it: an agent that is not run again draws nothing. */
  dropBefore(event: RunEvent): void {
    const path = pathOf(event);
    const known = path === undefined ? undefined : this.#paths.get(path);
    if (known === undefined) return;
    while ((known.draws[known.next]?.seq ?? event.seq) < event.seq) known.next += 1;
  }
}

function pathOf(event: EventBody): string | undefined {
  switch (event.type) {
    case 'agent.started':
    case 'agent.skipped':
    case 'agent.finished':
    case 'agent.failed':
      return event.agent;
    case 'step.started':
    case 'step.decided':
    case 'step.finished':
    case 'step.failed':
      return event.step;
    default:
      return undefined;
  }
}
