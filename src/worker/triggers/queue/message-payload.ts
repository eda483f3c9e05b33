import type { JsonObject, JsonValue } from '../../../program/json.ts';
import { encodeBase64 } from '../../../runtime/operations/base64.ts';
import { toPlain } from '../../code-harness/plain-value.ts';

export interface Payload {
  readonly input: JsonObject;
  /** What `trigger` is in the run. */
  readonly trigger: JsonObject;
}

/** A message of a queue as the input of a run: its body when that is an object, otherwise `{body}`. */
export function messagePayload({ id, timestamp, attempts, body }: Message, queue: string): Payload {
  const value = readMessageBody(body) ?? null;
  const input = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : { body: value };
  return { input, trigger: { type: 'queue', queue, id, timestamp: timestamp.getTime(), attempts } };
}

/** Several messages as the input of one run. */
export function batchPayload(messages: readonly Message[], queue: string): Payload {
  const listed = messages.map(({ id, timestamp, attempts, body }) => ({
    ...{ id, timestamp: timestamp.getTime(), attempts },
    body: readMessageBody(body) ?? null,
  }));
  return { input: { messages: listed }, trigger: { type: 'queue', queue, count: messages.length } };
}

/** The body as JSON data, bytes as base64; undefined for what JSON does not have. */
export function readMessageBody(body: unknown): JsonValue | undefined {
  if (body === undefined) return null;
  if (body instanceof ArrayBuffer) return encodeBase64(new Uint8Array(body));
  if (ArrayBuffer.isView(body)) return encodeBase64(new Uint8Array(body.buffer, body.byteOffset, body.byteLength));
  try {
    return toPlain(body) as JsonValue;
  } catch {
    return undefined;
  }
}
