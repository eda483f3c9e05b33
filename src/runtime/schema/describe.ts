import type { JsonValue } from '../../program/json.ts';
import { getOwn } from '../own-property.ts';

/** Texts up to this length are shown whole in messages; longer ones only by their length, so that no half of a secret escapes redaction. */
const SHOWN_TEXT_LENGTH = 60;
const SHOWN_KEYS = 5;

/** A value in a few words, for "expected …, found …": `the text "abc"`, `the number 5`, `a list of 3`, `an object with a, b`. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') {
    return value.length <= SHOWN_TEXT_LENGTH ? `the text ${JSON.stringify(value)}` : `a text of ${value.length} characters`;
  }
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value !== 'object') return `a ${typeof value}`;
  const keys = Object.keys(value);
  if (keys.length === 0) return 'an empty object';
  return `an object with ${keys.slice(0, SHOWN_KEYS).join(', ')}${keys.length > SHOWN_KEYS ? ', …' : ''}`;
}

/** What a schema asks for in a few words: `number`, `one of "a", "b"`, `string (email)`, `array of string`. Empty when it says nothing. */
export function describeSchema(schema: unknown): string {
  const choices = getOwn(schema, 'enum');
  if (Array.isArray(choices)) return describeChoices(choices);
  const constant = getOwn(schema, 'const');
  if (constant !== undefined) return JSON.stringify(constant);
  const branches = getOwn(schema, 'anyOf') ?? getOwn(schema, 'oneOf');
  if (Array.isArray(branches)) return [...new Set(branches.map(describeSchema).filter((text) => text !== ''))].join(' or ');
  const type = getOwn(schema, 'type');
  if (Array.isArray(type)) return type.join(' or ');
  if (typeof type !== 'string') return '';
  const format = getOwn(schema, 'format');
  const items = type === 'array' ? describeSchema(getOwn(schema, 'items')) : '';
  if (items !== '') return `array of ${items}`;
  return typeof format === 'string' ? `${type} (${format})` : type;
}

/** `one of "a", "b"`, or the value alone when there is but one. */
export function describeChoices(choices: readonly JsonValue[]): string {
  const texts = choices.map((choice) => JSON.stringify(choice));
  return texts.length === 1 ? (texts[0] ?? '') : `one of ${texts.join(', ')}`;
}
