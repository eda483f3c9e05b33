import type { JsonValue } from '../../program/json.ts';
import type { RunEvent } from '../../program/run-event.ts';

type Event<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;

/** One key of the state that an agent set; a key that was not there has no `before`. */
export interface StateChange {
  readonly key: string;
  readonly before?: JsonValue;
  readonly after: JsonValue;
  readonly tainted: boolean;
}

/** All that the journal says of one agent, the last time that it began. */
export interface AgentDetails {
  readonly agent: string;
  readonly started?: Event<'agent.started'>;
  /** Where `started` stands among the events. */
  readonly index: number;
  readonly end?: Event<'agent.finished' | 'agent.failed' | 'agent.skipped'>;
  /** Those that failed. */
  readonly attempts: readonly Event<'attempt.failed'>[];
  readonly waited: readonly Event<'run.waiting' | 'run.answered'>[];
  readonly told: readonly Event<'log' | 'warning'>[];
  readonly changes: readonly StateChange[];
}

type Draft = { -readonly [Key in keyof AgentDetails]: AgentDetails[Key] extends readonly (infer Item)[] ? Item[] : AgentDetails[Key] };

/** Collects the details of the agents whose paths are asked for, from the events of a run in their order. */
export class DetailsCollector {
  readonly #isMeant: (path: string) => boolean;
  readonly #details = new Map<string, Draft>();
  /** What the state of each body holds, by the path of the agent whose file it belongs to. */
  readonly #states = new Map<string, Map<string, JsonValue>>();
  #index = -1;

  constructor(isMeant: (path: string) => boolean) {
    this.#isMeant = isMeant;
  }

  /** In the order in which they first began. */
  get all(): ReadonlyMap<string, AgentDetails> {
    return this.#details;
  }

  add(event: RunEvent): void {
    this.#index += 1;
    if (event.type === 'state.loaded') {
      this.#states.set(event.agent ?? '', new Map(Object.entries({ ...event.initial, ...event.values })));
      return;
    }
    if (event.type === 'run.forked') {
      const state = this.#stateOf('');
      for (const [key, value] of Object.entries(event.values ?? {})) state.set(key, value);
      return;
    }
    const changes = event.type === 'state.set' ? this.#set(event) : [];
    if (!('agent' in event) || event.agent === undefined || event.type === 'run.finished' || !this.#isMeant(event.agent)) return;
    switch (event.type) {
      case 'agent.started':
        this.#begin(event.agent, event);
        break;
      case 'agent.skipped':
        this.#begin(event.agent).end = event;
        break;
      case 'agent.finished':
      case 'agent.failed':
        this.#of(event.agent).end = event;
        break;
      case 'attempt.failed':
        this.#of(event.agent).attempts.push(event);
        break;
      case 'run.waiting':
      case 'run.answered':
        this.#of(event.agent).waited.push(event);
        break;
      case 'log':
      case 'warning':
        this.#of(event.agent).told.push(event);
        break;
      case 'state.set':
        this.#of(event.agent).changes.push(...changes);
        break;
      default:
    }
  }

  #begin(agent: string, started?: Event<'agent.started'>): Draft {
    const draft: Draft = { agent, index: this.#index, attempts: [], waited: [], told: [], changes: [] };
    if (started !== undefined) draft.started = started;
    this.#details.set(agent, draft);
    return draft;
  }

  #of(agent: string): Draft {
    return this.#details.get(agent) ?? this.#begin(agent);
  }

  #set({ agent, values, tainted }: Event<'state.set'>): readonly StateChange[] {
    const owner = agent.slice(0, Math.max(0, agent.lastIndexOf('/')));
    const state = this.#stateOf(owner);
    return Object.entries(values).map(([key, after]) => {
      const before = state.get(key);
      state.set(key, after);
      return { key, ...(before === undefined ? {} : { before }), after, tainted: tainted.includes(key) };
    });
  }

  #stateOf(owner: string): Map<string, JsonValue> {
    const state = this.#states.get(owner) ?? new Map<string, JsonValue>();
    this.#states.set(owner, state);
    return state;
  }
}
