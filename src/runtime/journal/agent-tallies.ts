import type { RunEvent, Usage } from '../../program/run-event.ts';
import type { AgentTally } from '../../program/run-statistics.ts';
import { addDuration, type Durations } from './durations.ts';

type AgentEnd = Extract<RunEvent, { readonly type: 'agent.finished' | 'agent.failed' | 'agent.skipped' }>;
type Draft = { -readonly [Key in keyof Omit<AgentTally, 'durations'>]: AgentTally[Key] } & { readonly durations: Durations };

/** Counts how the agents of a run ended, each under its path without positions: `outer/fetch` for `outer[3]/fetch[7]`. */
export class AgentTallies {
  readonly #agents = new Map<string, Draft>();

  add(event: AgentEnd): void {
    const tally = this.#of(event.agent.replace(POSITIONS, ''));
    tally.runs += 1;
    if (event.type === 'agent.skipped') {
      tally.skipped += 1;
      return;
    }
    tally.retries += Math.max(0, event.attempts - 1);
    if (event.usage !== undefined) tally.usage = addUsage(tally.usage, event.usage);
    if (event.type === 'agent.failed' && (event.stopped === true || event.failure.code === 'CANCELLED')) {
      tally.stopped += 1;
      return;
    }
    if (event.type === 'agent.failed') tally.failed += 1;
    else {
      tally.succeeded += 1;
      if (event.cached === true) tally.cache_hits += 1;
    }
    addDuration(tally.durations, event.duration_ms);
  }

  /** In the order in which they first ended. */
  list(): readonly AgentTally[] {
    return [...this.#agents.values()].map((tally) => ({ ...tally, durations: Object.fromEntries(tally.durations) }));
  }

  #of(agent: string): Draft {
    const known = this.#agents.get(agent);
    if (known !== undefined) return known;
    const created: Draft = {
      agent,
      runs: 0,
      succeeded: 0,
      failed: 0,
      skipped: 0,
      stopped: 0,
      retries: 0,
      cache_hits: 0,
      durations: new Map(),
    };
    this.#agents.set(agent, created);
    return created;
  }
}

const POSITIONS = /\[\d+\]/g;

/** The sum; its cost is that of those whose cost is known. */
export function addUsage(sum: Usage | undefined, usage: Usage): Usage {
  const tokens = {
    input_tokens: (sum?.input_tokens ?? 0) + usage.input_tokens,
    output_tokens: (sum?.output_tokens ?? 0) + usage.output_tokens,
  };
  if (sum?.cost_usd === undefined && usage.cost_usd === undefined) return tokens;
  return { ...tokens, cost_usd: (sum?.cost_usd ?? 0) + (usage.cost_usd ?? 0) };
}
