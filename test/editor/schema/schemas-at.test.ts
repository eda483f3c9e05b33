import { describe, expect, test } from 'vitest';
import type { Path } from '../../../src/editor/cursor/place-at.ts';
import { choicesOf, descriptionOf } from '../../../src/editor/schema/file-schema.ts';
import { plainValue } from '../../../src/editor/schema/outline-value.ts';
import { schemasAt } from '../../../src/editor/schema/schemas-at.ts';
import { readOutline } from '../../../src/language/document/outline.ts';

const SCHEMA = {
  properties: {
    kind: { enum: ['a', 'b'], enumDescriptions: ['The first.', 'The second.'] },
    list: { type: 'array', items: { $ref: '#/definitions/item' } },
    free: { additionalProperties: { description: 'Any of them.' } },
  },
  allOf: [
    {
      if: { type: 'object', properties: { kind: { const: 'a' } }, required: ['kind'] },
      then: { properties: { settings: { description: 'Of a.' } } },
      else: { properties: { settings: { description: 'Of anything else.' } } },
    },
  ],
  definitions: { item: { description: 'An item.', properties: { flag: { type: 'boolean' }, self: { $ref: '#/definitions/item' } } } },
};

const at = (text: string, path: Path) => schemasAt(SCHEMA, plainValue(readOutline(text)), path);

describe('the schemas at a place of a file', () => {
  test('follow properties, items, references and free keys', () => {
    expect(descriptionOf(at('list: [1]', ['list', 0]))).toBe('An item.');
    expect(descriptionOf(at('', ['list', 0, 'self', 'self']))).toBe('An item.');
    expect(descriptionOf(at('', ['free', 'anything']))).toBe('Any of them.');
    expect(at('', ['unknown'])).toEqual([]);
    expect(at('', ['list', 'x'])).toEqual([]);
  });

  test('choose by what the file says, and both ways where it says nothing', () => {
    expect(descriptionOf(at('kind: a', ['settings']))).toBe('Of a.');
    expect(descriptionOf(at('kind: b', ['settings']))).toBe('Of anything else.');
    expect(descriptionOf(at('other: 1', ['settings']))).toBe('Of anything else.');
    expect(at('', ['settings']).map(({ description }) => description)).toEqual(['Of a.', 'Of anything else.']);
  });

  test('list the words that a value can be', () => {
    expect(choicesOf(at('', ['kind']))).toEqual([
      { value: 'a', description: 'The first.' },
      { value: 'b', description: 'The second.' },
    ]);
    expect(choicesOf(at('', ['list', 0, 'flag'])).map(({ value }) => value)).toEqual(['true', 'false']);
  });
});

describe('the value of an outline', () => {
  test('is that of YAML, as far as schemas ask', () => {
    expect(plainValue(readOutline('a: 1\nb: true\nc: "true"\nd: null\ne: [x, -1.5]\nf:\n'))).toEqual({
      a: 1,
      b: true,
      c: 'true',
      d: null,
      e: ['x', -1.5],
      f: undefined,
    });
  });
});
