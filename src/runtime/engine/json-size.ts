import type { JsonValue } from '../../program/json.ts';

/** The largest output that the engine keeps (FAILURE_CODES.OUTPUT_TOO_LARGE): 8 MiB as JSON text, by UTF-16 units. */
export const MAX_OUTPUT_SIZE = 8 * 1024 * 1024;
/** From this size on it is remembered how large a list or an object is. */
const LARGE = 16 * 1024;
/** Deeper values cannot be written as JSON without risking the stack. */
export const MAX_OUTPUT_DEPTH = 1_000;

/**
 * Why the value is too large to keep, in words, or undefined when it is not. Stops counting at the limit, so that a small value that repeats a large
 * one many times costs no more than the limit. Approximate: escapes are not counted.
 */
export function findExcess(value: JsonValue | undefined): string | undefined {
  switch (typeof value) {
    case 'string':
      return value.length > MAX_OUTPUT_SIZE ? TOO_LARGE : undefined;
    case 'object':
      if (value === null) return undefined;
      break;
    default:
      return undefined;
  }
  const left = measure(value, MAX_OUTPUT_SIZE, 1);
  if (left < 0) return left === DEPTH ? TOO_DEEP : TOO_LARGE;
  note(value, MAX_OUTPUT_SIZE - left);
  return undefined;
}

/** `larger than 8 MiB as JSON` */
export function describeMiB(size: number): string {
  return `larger than ${size / 1024 / 1024} MiB as JSON`;
}

/** How large a value is that `findExcess` or a `ListSize` has measured, without another walk through it: 0 for what is small, or was never measured. */
export function sizeOf(value: JsonValue | undefined): number {
  if (typeof value === 'string') return value.length < LARGE ? 0 : value.length + 2;
  return typeof value === 'object' && value !== null ? (large.get(value) ?? 0) : 0;
}

/** Values are frozen: none grows. */
const large = new WeakMap<object, number>();

function note(value: object, size: number): void {
  if (size >= LARGE) large.set(value, size);
}

/** A list that comes item by item, each of which is measured once. */
export class ListSize {
  readonly #max: number;
  #left: number;

  constructor(max: number) {
    this.#max = max;
    this.#left = max - 1;
  }

  /** Why the list is too large with this item, as `findExcess` says it; nothing can be added then. */
  add(item: JsonValue): string | undefined {
    const left = measure(item, this.#left - 1, 2);
    if (left < 0) return left === DEPTH ? TOO_DEEP : describeMiB(this.#max);
    this.#left = left;
    return undefined;
  }

  /** The list is complete. */
  end(list: readonly JsonValue[]): void {
    note(list, this.#max - this.#left);
  }
}

const TOO_LARGE = describeMiB(MAX_OUTPUT_SIZE);
const TOO_DEEP = `nested deeper than ${MAX_OUTPUT_DEPTH} levels`;
const SIZE = -1;
const DEPTH = -2;

/** What is left of `room` after the value; negative when there is nothing left. */
function measure(value: JsonValue, room: number, depth: number): number {
  if (typeof value === 'string') return room >= value.length + 2 ? room - value.length - 2 : SIZE;
  if (typeof value !== 'object' || value === null) return room >= 5 ? room - 5 : SIZE;
  if (depth > MAX_OUTPUT_DEPTH) return DEPTH;
  if (room < 2) return SIZE;
  // Two brackets, and a comma less than there are parts.
  let left = room - 1;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && left >= 0; index += 1) left = measure(value[index] as JsonValue, left - 1, depth + 1);
  } else {
    for (const [key, item] of Object.entries(value as { readonly [key: string]: JsonValue })) {
      left = measure(item, left - key.length - 4, depth + 1);
      if (left < 0) break;
    }
  }
  return Math.min(left, room - 2);
}
