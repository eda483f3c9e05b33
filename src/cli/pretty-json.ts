import { isDeeper } from '../program/json-depth.ts';

/** Indentation may make a text as long as that, and no longer: a list of 500,000 numbers below a thousand levels is 1 MB on one line, and 1 GB on its own lines, which is no text that can be made. */
const MAX_LENGTH = 256 * 1024 * 1024;

/** A value as JSON, indented by two spaces; on one line when indentation would make too much of it. */
export function prettyJson(value: unknown): string {
  const flat = JSON.stringify(value);
  // At most every second character of it begins a line.
  return flat.length > 0 && isDeeper(flat, Math.floor(MAX_LENGTH / flat.length)) ? flat : JSON.stringify(value, null, 2);
}
