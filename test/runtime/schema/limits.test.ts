import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonSchema, JsonValue } from '../../../src/program/json.ts';
import { applyDefaults } from '../../../src/runtime/schema/apply-defaults.ts';
import { checkSchema } from '../../../src/runtime/schema/check-schema.ts';

describe('the limits of what is done with a schema', () => {
  // at its limit: src/runtime/schema/check-schema.ts MAX_PROBLEMS
  test('a hundred problems are told, and no more', () => {
    const wrong = (count: number) => Object.fromEntries(Array.from({ length: count }, (_unused, index) => [`f${index}`, index]));
    const schema: JsonSchema = { additionalProperties: { type: 'string' } };
    expect([99, 100, 101, 20_000].map((count) => checkSchema(schema, wrong(count)).length)).toEqual([99, 100, 100, 100]);
  });

  // at its limit: src/runtime/schema/apply-defaults.ts MAX_DEPTH
  test('defaults are filled in down to the 64th level of a schema that refers to itself; what is deeper stays as it is', () => {
    const schema: JsonSchema = { properties: { next: { $ref: '#' }, leaf: { default: 1 } } };
    const nested = (levels: number): JsonObject => (levels === 0 ? {} : { next: nested(levels - 1) });
    const innermost = (value: JsonValue | undefined): unknown => {
      const next = (value as JsonObject).next;
      return next === undefined ? value : innermost(next);
    };
    expect(innermost(applyDefaults(schema, nested(64)))).toEqual({ leaf: 1 });
    expect(innermost(applyDefaults(schema, nested(65)))).toEqual({});
  });

  // at its limit: src/runtime/schema/pointer.ts MAX_HOPS
  test('fifteen references in a row lead to a default, sixteen count as a circle', () => {
    const chain = (length: number): JsonSchema => ({
      $defs: Object.fromEntries(
        Array.from({ length }, (_unused, index) => [
          `d${index}`,
          index === length - 1 ? { default: 1 } : { $ref: `#/$defs/d${index + 1}` },
        ]),
      ),
      properties: { a: { $ref: '#/$defs/d0' } },
    });
    expect(applyDefaults(chain(15), {})).toEqual({ a: 1 });
    expect(applyDefaults(chain(16), {})).toEqual({});
  });
});
