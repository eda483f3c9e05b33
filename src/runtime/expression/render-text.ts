import { dateText } from './coerce.ts';
import { stringify } from './to-json.ts';

/**
 * A value as part of a text (LANGUAGE §3): strings as they are, numbers and booleans as JavaScript spells them, null and undefined as nothing,
 * lists and objects as JSON, dates as ISO 8601. Throws `EXPRESSION_LIMIT` when the JSON would be longer than 1 MiB.
 */
export function renderText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    case 'object':
      if (value === null) return '';
      return value instanceof Date ? dateText(value) : (stringify(value) ?? '');
    default:
      return '';
  }
}
