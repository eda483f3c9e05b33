import type { JsonObject, JsonValue } from '../../../program/json.ts';
import { isDeeper } from '../../../program/json-depth.ts';
import type { HttpResponseInfo } from '../../../program/run-event.ts';
import { getOwn } from '../../own-property.ts';
import type { ActionResult } from '../actions/action.ts';
import { MAX_OUTPUT_DEPTH } from '../json-size.ts';

/** What is kept of an agent that succeeded: what its result and its `set` are made of. Not what it cost, nor what it logged: that was not done again. */
export interface CacheEntry {
  /** Epoch ms of its success: its life is counted from there. */
  readonly at: number;
  readonly output?: JsonValue;
  /** What a code body passed to `setState`. */
  readonly setState?: JsonObject;
  readonly response?: HttpResponseInfo;
  readonly model?: string;
  readonly tainted: boolean;
}

export function buildEntry({ output, setState, response, model }: ActionResult, at: number, tainted: boolean): CacheEntry {
  return {
    at,
    ...(output === undefined ? {} : { output }),
    ...(setState === undefined ? {} : { setState }),
    ...(response === undefined ? {} : { response }),
    ...(model === undefined ? {} : { model }),
    tainted,
  };
}

/** An entry as its agent's result. */
export function readEntry({ output, setState, response, model, tainted }: CacheEntry): ActionResult {
  return { output, setState, response, model, tainted };
}

/** The entry that a text in KV is; undefined for anything else, which whoever writes to the same namespace may have put there. */
export function parseEntry(text: string): CacheEntry | undefined {
  // Outputs and state lie a few levels below the entry.
  if (isDeeper(text, MAX_OUTPUT_DEPTH + 8)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { at, output, setState, response, model, tainted } = fieldsOf(value);
  if (typeof at !== 'number' || typeof tainted !== 'boolean') return undefined;
  if (model !== undefined && typeof model !== 'string') return undefined;
  if (setState !== undefined && !isObject(setState)) return undefined;
  if (response !== undefined && !isResponse(response)) return undefined;
  return {
    at,
    ...(output === undefined ? {} : { output: output as JsonValue }),
    ...(setState === undefined ? {} : { setState: setState as JsonObject }),
    ...(response === undefined ? {} : { response }),
    ...(model === undefined ? {} : { model }),
    tainted,
  };
}

/** Whether it may still be used: it is not older than `ttlMs`. An entry from a clock that is ahead of ours is new. */
export function isFresh({ at }: CacheEntry, ttlMs: number | undefined, now: number): boolean {
  return ttlMs === undefined || now - at < ttlMs;
}

function fieldsOf(value: unknown): Readonly<Record<keyof CacheEntry, unknown>> {
  const field = (name: keyof CacheEntry): unknown => getOwn(value, name);
  return {
    at: field('at'),
    output: field('output'),
    setState: field('setState'),
    response: field('response'),
    model: field('model'),
    tainted: field('tainted'),
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isResponse(value: unknown): value is HttpResponseInfo {
  const headers = getOwn(value, 'headers');
  if (!isObject(headers) || !Object.values(headers).every((text) => typeof text === 'string')) return false;
  return (
    typeof getOwn(value, 'status') === 'number' && typeof getOwn(value, 'ok') === 'boolean' && typeof getOwn(value, 'url') === 'string'
  );
}
