import { canonicalJson } from '../../../program/hash.ts';
import type { JsonValue } from '../../../program/json.ts';
import type { CachePlan } from '../../../program/program.ts';
import type { KvLike } from '../../ports.ts';
import type { PreparedAction } from '../actions/action.ts';
import type { AgentFailed } from '../agent-failed.ts';
import type { AgentFrame } from '../agent-frame.ts';
import { finishAgent } from '../end-agent.ts';
import { type AttemptsEnd, findOutputProblem, runAttempts } from '../run-attempts.ts';
import { buildEntry, type CacheEntry, readEntry } from './cache-entry.ts';
import { buildCacheKey, cacheOwner } from './cache-key.ts';
import { CacheLead } from './cache-lead.ts';
import { CacheStore, warnOfCache } from './cache-store.ts';

/** A `cache` whose key was evaluated; without a key of the author's what the agent is given takes its place. */
export interface CacheCall {
  readonly plan: CachePlan;
  readonly key: JsonValue | undefined;
}

/**
 * What the agent gave before, or else its tries (LANGUAGE §2 `cache`).
 *
 * 1. Of several agents of one run that would do the same, one works; the others wait for it and take what it gave. When it fails or is cancelled the next one works.
 * 2. Only what an agent gave that succeeded, its `set` included, is kept or handed on: the end that this gives may carry a `lead`, which `finishCached` ends.
 * 3. What does not satisfy `schema.output` is not used.
 */
export async function runCached(frame: AgentFrame, action: PreparedAction, { plan, key: own }: CacheCall): Promise<AttemptsEnd> {
  const { step, path, context } = frame;
  const { run, signal } = context;
  const kv = findStore(frame, plan);
  if (kv === undefined) return runAttempts(frame, action.call);
  if (plan.key !== undefined && own === undefined) {
    warnOfCache(frame, 'is not used: its `key` has no value here.');
    return runAttempts(frame, action.call);
  }
  const { replay } = run;
  const isCut = replay !== undefined && !replay.isLive;
  // The steps of a file that a crash cut short had begun, so it was not in the cache.
  const isBegun = isCut && step.action.type === 'body' && replay.agents.hasInside(path);
  if (isCut && !isBegun) await replay.live(signal);
  const owner = cacheOwner(run.program.ensemble, path);
  const key = canonicalJson(own ?? action.given());
  const buildKey = async (): Promise<string> => {
    const worker = own === undefined ? await action.worker?.() : undefined;
    return buildCacheKey(owner, worker === undefined ? key : `${key} ${worker}`);
  };
  const flights = run.cacheFlights;
  // Hashing takes its time elsewhere: who comes first is settled without it, so that it is always the same one.
  const id = `${owner} ${key}`;
  for (let flight = isBegun ? undefined : flights.find(id); flight !== undefined; flight = flights.find(id)) {
    const entry = await flight.wait(signal);
    if (entry !== undefined) return hit(entry);
  }
  const store = new CacheStore(frame, { plan, kv, buildKey });
  const lead = new CacheLead(flights, id, store);
  let isLedOn = false;
  try {
    const entry = isBegun ? undefined : await store.read();
    if (entry !== undefined && findOutputProblem(step, entry.output, run.held) === undefined) {
      isLedOn = true;
      lead.pass(entry);
      return hit(entry);
    }
    const end = await runAttempts(frame, action.call);
    isLedOn = end.ok;
    return end.ok ? { ...end, lead } : end;
  } finally {
    if (!isLedOn) lead.giveUp();
  }
}

function hit(entry: CacheEntry): AttemptsEnd {
  return { attempts: 0, ok: true, result: readEntry(entry), cached: true };
}

/** A life of nothing keeps nothing. */
function findStore(frame: AgentFrame, plan: CachePlan): KvLike | undefined {
  if (plan.ttlMs === 0) return undefined;
  const { bindings } = frame.context.run.ports;
  const kv = bindings.kv(plan.binding);
  if (kv !== undefined) return kv;
  const names = bindings.names('kv');
  const present = names.length === 0 ? 'no KV namespace is bound' : `bound are ${names.join(', ')}`;
  const binding = plan.binding === undefined ? present : `there is no KV binding "${plan.binding}"; ${present}`;
  warnOfCache(frame, `is not used: ${binding}.`);
  return undefined;
}

/** Ends an agent that others may have waited for. */
export async function finishCached(
  frame: AgentFrame,
  end: Extract<AttemptsEnd, { readonly ok: true }>,
  lead: CacheLead,
): Promise<AgentFailed | undefined> {
  let isShared = false;
  try {
    const failed = await finishAgent(frame, end);
    if (failed !== undefined) return failed;
    isShared = true;
  } finally {
    if (!isShared) lead.giveUp();
  }
  const tainted = frame.tainted || end.result.tainted === true;
  await lead.share(buildEntry(end.result, frame.context.run.ports.clock.now(), tainted));
  return undefined;
}
