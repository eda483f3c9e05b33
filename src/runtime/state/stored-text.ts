import type { JsonValue } from '../../program/json.ts';
import { isDeeper } from '../../program/json-depth.ts';
import { MAX_OUTPUT_DEPTH } from '../engine/json-size.ts';
import { failure } from '../failure.ts';

const encoder = new TextEncoder();

/** UTF-8 bytes of a text, counted only when it could be more than `limit`: else any number that is not. */
export function measureBytes(text: string, limit: number): number {
  return text.length * 3 <= limit ? text.length : encoder.encode(text).length;
}

/** The JSON text of one key's value. Throws STATE_BACKEND when it is larger than what the backend keeps in one row. */
export function encodeValue(backend: string, scope: string, key: string, value: JsonValue, limitBytes: number): string {
  const text = JSON.stringify(value);
  const bytes = measureBytes(text, limitBytes);
  if (bytes <= limitBytes) return text;
  throw failure(
    'STATE_BACKEND',
    `State key "${key}" of scope "${scope}" is ${bytes} bytes as JSON; ${backend} keeps at most ${limitBytes} a key. Nothing was written. Keep large data in storage and its name in the state`,
  );
}

/** In place of a value's JSON text, which is never empty: the key was deleted. */
export const DELETED_TEXT = '';

/** Reads back what `encodeValue` wrote. Throws STATE_BACKEND when someone else put something there that is no JSON, or that no run could write again. */
export function decodeValue(backend: string, scope: string, key: string, text: string): JsonValue {
  if (isDeeper(text, MAX_OUTPUT_DEPTH)) {
    const found = `a value nested deeper than ${MAX_OUTPUT_DEPTH} levels`;
    throw failure('STATE_BACKEND', `State key "${key}" of scope "${scope}" (${backend}) holds ${found}. It was left as it is`);
  }
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw failure('STATE_BACKEND', `State key "${key}" of scope "${scope}" (${backend}) holds text that is no JSON. It was left as it is`);
  }
}
