import type { JsonValue } from '../../program/json.ts';
import type { Located } from './located.ts';

/**
 * The plain JSON value of a part of the file. Every key becomes the object's own data property, `__proto__` too. Values that aliases
 * repeat are copied.
 */
export function toJson(located: Located): JsonValue {
  switch (located.kind) {
    case 'scalar':
      return located.value;
    case 'list':
      return located.items.map(toJson);
    case 'mapping':
      return Object.fromEntries(located.entries.map(({ key, value }) => [key.text, toJson(value)]));
  }
}
