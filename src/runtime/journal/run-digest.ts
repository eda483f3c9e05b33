import type { RunSummary, WaitingSummary } from '../../program/host-calls.ts';
import type { RunEvent } from '../../program/run-event.ts';
import type { AgentTally } from '../../program/run-statistics.ts';
import { AgentTallies } from './agent-tallies.ts';

type Event<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;

/**
 * What lists and statistics say of a run, kept up to date event by event: a fold of the journal as `fold` is one, but without the values, so that it costs next to nothing beside a
 * run at work.
 */
export class RunDigest {
  readonly #tallies = new AgentTallies();
  /** By agent, in the order in which they began to wait. */
  readonly #waiting = new Map<string, WaitingSummary>();
  #started: Event<'run.started'> | undefined;
  #finished: Event<'run.finished'> | undefined;
  #forkedFrom: string | undefined;
  #attempt = 1;
  #paused = false;
  #steps = 0;
  #events = 0;
  #lastAt = 0;
  #changes = 0;

  /** How many events it was given: the `seq` of the next one. */
  get events(): number {
    return this.#events;
  }

  /** Grows with each event that changes what a list shows beside how old the run is. */
  get changes(): number {
    return this.#changes;
  }

  add(event: RunEvent): void {
    this.#events = event.seq + 1;
    this.#lastAt = event.at;
    switch (event.type) {
      case 'run.started':
        this.#started = event;
        this.#attempt = event.attempt;
        break;
      case 'run.resumed':
        this.#attempt = event.attempt;
        break;
      case 'run.forked':
        this.#forkedFrom = event.from;
        break;
      case 'run.paused':
        this.#paused = true;
        break;
      case 'run.continued':
        this.#paused = false;
        break;
      case 'run.finished':
        this.#finished = event;
        break;
      case 'run.waiting':
        this.#waiting.set(event.agent, waitingOf(event));
        break;
      case 'agent.started':
        this.#steps += 1;
        return;
      case 'attempt.failed':
        if (!this.#waiting.delete(event.agent)) return;
        break;
      case 'agent.finished':
      case 'agent.failed':
      case 'agent.skipped':
        this.#tallies.add(event);
        if (!this.#waiting.delete(event.agent)) return;
        break;
      default:
        return;
    }
    this.#changes += 1;
  }

  /** The run as it stands; undefined before its first event. */
  summary(): RunSummary | undefined {
    const [started, finished] = [this.#started, this.#finished];
    if (started === undefined) return undefined;
    const { ensemble, file, run, at } = started;
    const summary = {
      run,
      ensemble,
      file,
      status: this.#status(),
      started_at: at,
      ...(finished === undefined ? {} : { finished_at: finished.at, duration_ms: finished.duration_ms }),
      last_event_at: this.#lastAt,
      attempt: this.#attempt,
      steps: finished?.steps ?? this.#steps,
      ...(this.#forkedFrom === undefined ? {} : { forked_from: this.#forkedFrom }),
    };
    if (finished === undefined) return this.#waiting.size === 0 ? summary : { ...summary, waiting: [...this.#waiting.values()] };
    const { agent, failure, usage } = finished;
    return {
      ...summary,
      ...(agent === undefined ? {} : { agent }),
      ...(failure === undefined ? {} : { failure: { code: failure.code, message: shortened(failure.message) } }),
      ...(usage === undefined ? {} : { usage }),
    };
  }

  /** What its agents did until now, in the order in which they first ended. */
  agents(): readonly AgentTally[] {
    return this.#tallies.list();
  }

  #status(): RunSummary['status'] {
    if (this.#finished !== undefined) return this.#finished.status;
    if (this.#paused) return 'paused';
    return this.#waiting.size > 0 ? 'waiting' : 'running';
  }
}

function waitingOf({ agent, reason, until, prompt, signal, approvers }: Event<'run.waiting'>): WaitingSummary {
  return {
    agent,
    reason,
    ...(until === undefined ? {} : { until }),
    ...(prompt === undefined ? {} : { prompt: shortened(prompt) }),
    ...(signal === undefined ? {} : { signal }),
    ...(approvers === undefined ? {} : { approvers }),
  };
}

/** A list is no place for the whole of a text that may be as long as a file. */
const MOST_CHARACTERS = 1_000;

function shortened(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS).toWellFormed()}…`;
}
