import type { Failure } from '../../../program/failure.ts';
import type { RunEvent, Usage } from '../../../program/run-event.ts';
import type { CodeLog } from '../../ports.ts';
import { addUsage } from '../add-usage.ts';

type Event<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;
export type AgentEndEvent = Event<'agent.finished'> | Event<'agent.failed'>;

/** What is recorded of one agent between its start and its end, or to where a crash cut it short. */
export interface AgentRecord {
  /** Absent: it was at work when the record ends. */
  readonly end: AgentEndEvent | undefined;
  /** The try that was at work, from 1; after a failed one that is to be followed by another it is that next one. */
  readonly attempt: number;
  /** The last try failed, and no other is to follow: only the agent's own end is missing. */
  readonly stands: Failure | undefined;
  /** Epoch ms until which the pause before `attempt` lasts, when it had not begun. */
  readonly pauseUntil: number | undefined;
  /** Of tries that failed. */
  readonly usage: Usage | undefined;
  /** The try at work waits for this. */
  readonly waited: Event<'run.waiting'> | undefined;
  readonly set: Event<'state.set'> | undefined;
  /** What it logged since its last try began. */
  readonly logs: readonly CodeLog[];
  /** Some try of it began: it did not fail before. */
  readonly tried: boolean;
}

const KINDS: ReadonlySet<RunEvent['type']> = new Set([
  'agent.started',
  'agent.finished',
  'agent.failed',
  'attempt.started',
  'attempt.failed',
  'run.waiting',
  'state.set',
  'log',
]);

/** What a record says of single agents, by their path. */
export class AgentRecords {
  readonly #paths = new Map<string, { readonly events: RunEvent[]; next: number }>();
  readonly #withInside = new Set<string>();

  constructor(events: readonly RunEvent[]) {
    for (const event of events) {
      if (event.type === 'state.loaded' && event.agent !== undefined) this.#withInside.add(event.agent);
      if (!KINDS.has(event.type) || !('agent' in event) || event.agent === undefined) continue;
      const inner = event.agent.lastIndexOf('/');
      if (inner !== -1 && event.type === 'agent.started') this.#withInside.add(event.agent.slice(0, inner));
      const known = this.#paths.get(event.agent);
      if (known === undefined) this.#paths.set(event.agent, { events: [event], next: 0 });
      else known.events.push(event);
    }
  }

  /** The agent has started: what comes before its next start. `isLoose`: what stopped it then does not stop it now, so it was at work. */
  read(path: string, started: Event<'agent.started'>, isLoose = false): AgentRecord {
    const { events, next } = this.#paths.get(path) ?? { events: [], next: 0 };
    let from = next;
    while ((events[from]?.seq ?? started.seq) < started.seq) from += 1;
    const reader = new Reading();
    for (let index = from + 1; index < events.length; index += 1) {
      const event = events[index];
      if (event === undefined || event.type === 'agent.started') break;
      if (isLoose && event.type === 'agent.failed' && event.stopped === true) break;
      reader.add(event);
      if (reader.end !== undefined) break;
    }
    return reader;
  }

  /** Whether anything in the file that the agent runs has begun. */
  hasInside(path: string): boolean {
    return this.#withInside.has(path);
  }

  /** What lies before an agent's end is not read again. */
  passed(event: RunEvent): void {
    if (event.type !== 'agent.finished' && event.type !== 'agent.failed') return;
    const known = this.#paths.get(event.agent);
    if (known === undefined) return;
    while ((known.events[known.next]?.seq ?? Number.POSITIVE_INFINITY) <= event.seq) known.next += 1;
  }
}

class Reading implements AgentRecord {
  end: AgentEndEvent | undefined;
  attempt = 1;
  stands: Failure | undefined;
  pauseUntil: number | undefined;
  usage: Usage | undefined;
  waited: Event<'run.waiting'> | undefined;
  set: Event<'state.set'> | undefined;
  logs: CodeLog[] = [];
  tried = false;

  add(event: RunEvent): void {
    switch (event.type) {
      case 'attempt.started':
        this.attempt = event.attempt;
        this.pauseUntil = undefined;
        this.logs = [];
        break;
      case 'attempt.failed':
        this.#failed(event);
        break;
      case 'run.waiting':
        this.waited = event;
        break;
      case 'state.set':
        this.set = event;
        break;
      case 'log':
        this.logs.push({ level: event.level, message: event.message });
        break;
      case 'agent.finished':
      case 'agent.failed':
        this.end = event;
        break;
      default:
    }
  }

  #failed({ at, attempt, failure, retry_in_ms: retryInMs, usage }: Event<'attempt.failed'>): void {
    this.tried = true;
    this.waited = undefined;
    if (usage !== undefined) this.usage = addUsage(this.usage, usage);
    this.attempt = attempt;
    if (retryInMs === undefined) this.stands = failure;
    else {
      this.attempt = attempt + 1;
      this.pauseUntil = at + retryInMs;
    }
  }
}
