import type { JsonValue } from '../../program/json.ts';
import { isDeeper } from '../../program/json-depth.ts';
import { MAX_OUTPUT_DEPTH } from '../../runtime/engine/json-size.ts';
import { findJsonFault } from './find-json-fault.ts';
import { refuse } from './refused-request.ts';

/**
 * The JSON that somebody sent.
 * @throws RefusedRequest: 400 for what is no JSON, is nested deeper than an output may be, or what readers take differently. Depth is looked at first: two megabytes of brackets take a second to parse.
 */
export function parseJsonBody(text: string): JsonValue {
  if (isDeeper(text, MAX_OUTPUT_DEPTH))
    refuse('invalid-json', `The body cannot be taken: it is nested deeper than ${MAX_OUTPUT_DEPTH} levels.`);
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    // Of the engine's message only the place: it may show what stands there, which can be a secret.
    const place = /position \d+.*$/.exec(error instanceof Error ? error.message : '')?.[0];
    return refuse('invalid-json', `The body is not valid JSON${place === undefined ? '' : ` at ${place}`}.`);
  }
  const fault = findJsonFault(text);
  return fault === undefined ? value : refuse('invalid-json', `The body cannot be taken: ${fault}.`);
}
