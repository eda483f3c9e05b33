import { createRunId } from '../src/program/run-id.ts';
import { shardName, shardOf } from '../src/program/shard-of.ts';

/** What an object of the platform takes: its soft limit of requests a second. */
export const OBJECT_LIMIT = 1_000;

export interface Traffic {
  readonly runs: number;
  /** In how many seconds they are started, at chance within it. */
  readonly seconds: number;
  /** Over so many objects the index is spread. */
  readonly shards: number;
  /** How many of a hundred wait once (for a person, a time, a signal): they tell the index of it, and that they go on. */
  readonly waiting: number;
  readonly seed: number;
}

export interface Load {
  /** How many ids are there that another run has too. */
  readonly doubled: number;
  /** Requests to the index in all. */
  readonly requests: number;
  /** Of each object of the index, in its busiest second; the busiest object first. */
  readonly peaks: readonly { readonly object: string; readonly requests: number }[];
}

/** How long runs take in the simulation, ms: exponentially distributed around this. */
const MEAN_DURATION_MS = 2_000;
const MEAN_WAIT_MS = 60_000;

/**
 * The traffic of runs to the index, request by request: ids are made as a Worker makes them, and each run reports when it begins and when it ends (bench/scale.bench.ts counts that in the real
 * Worker), and twice more when it waits.
 */
export function simulate({ runs, seconds, shards, waiting, seed }: Traffic): Load {
  const random = randomOf(seed);
  const ids = new Set<string>();
  const bytes = new Uint8Array(16);
  const perSecond = Array.from({ length: shards }, () => new Map<number, number>());
  let requests = 0;
  const begin = 1_750_000_000_000;
  for (let index = 0; index < runs; index += 1) {
    const at = begin + random() * seconds * 1_000;
    for (let byte = 0; byte < bytes.length; byte += 1) bytes[byte] = random() * 256;
    const id = createRunId(Math.floor(at), bytes);
    ids.add(id);
    const shard = perSecond[shardOf(id, shards)];
    const report = (when: number): void => {
      const second = Math.floor(when / 1_000);
      requests += 1;
      shard?.set(second, (shard.get(second) ?? 0) + 1);
    };
    report(at);
    let end = at - Math.log(1 - random()) * MEAN_DURATION_MS;
    if (random() * 100 < waiting) {
      report(end);
      end -= Math.log(1 - random()) * MEAN_WAIT_MS;
      report(end);
    }
    report(end);
  }
  const peaks = perSecond.map((counts, shard) => ({ object: shardName('runs', shard), requests: maximum(counts.values()) }));
  return { doubled: runs - ids.size, requests, peaks: peaks.toSorted((a, b) => b.requests - a.requests) };
}

function maximum(values: Iterable<number>): number {
  let most = 0;
  for (const value of values) most = Math.max(most, value);
  return most;
}

/** Uniform draws from [0, 1), the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Traffics of a million runs, from a calm hour to what sixteen objects take at most. */
export const TRAFFICS: readonly Traffic[] = [3_600, 600, 300, 180].flatMap((seconds) =>
  [1, 16].map((shards) => ({ runs: 1_000_000, seconds, shards, waiting: 10, seed: 2026 })),
);
