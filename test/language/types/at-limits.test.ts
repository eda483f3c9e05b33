import { describe, expect } from 'vitest';
import { inferType } from '../../../src/language/types/infer/infer.ts';
import { typeOfJson } from '../../../src/language/types/json-type.ts';
import { renderType } from '../../../src/language/types/render-type.ts';
import { typeOfSchema } from '../../../src/language/types/schema-type.ts';
import { typeOfTemplate } from '../../../src/language/types/template-type.ts';
import { listOf, STRING, shapeOf, type Type, UNKNOWN } from '../../../src/language/types/type.ts';
import { isSameType, unionOf } from '../../../src/language/types/union.ts';
import type { Expression } from '../../../src/program/expression.ts';
import type { JsonSchema, JsonValue } from '../../../src/program/json.ts';
import { atLimit } from '../../support/at-limit.ts';

const NOTHING = { root: () => UNKNOWN, agent: () => UNKNOWN };

/** The type in the middle of as many lists, or what is known of it. */
const innermost = (type: Type): Type => (type.kind === 'list' ? innermost(type.items) : type);

describe('of a schema', () => {
  const nested = (levels: number): JsonSchema => (levels === 0 ? { type: 'string' } : { type: 'array', items: nested(levels - 1) });
  atLimit('src/language/types/schema-type.ts MAX_DEPTH', {
    within: (levels) => expect(innermost(typeOfSchema(nested(levels)))).toEqual(STRING),
    beyond: (levels) => expect(innermost(typeOfSchema(nested(levels)))).toEqual(UNKNOWN),
  });
  const branches = (parts: number) =>
    typeOfSchema({ oneOf: [...Array.from({ length: parts - 2 }, () => ({ type: 'string' })), { type: 'string' }] });
  atLimit('src/language/types/schema-type.ts MAX_PARTS', {
    within: (parts) => expect(branches(parts)).toEqual(STRING),
    beyond: (parts) => expect(branches(parts)).toEqual(UNKNOWN),
  });
});

describe('of data', () => {
  const nested = (levels: number): JsonValue => (levels === 0 ? 'x' : [nested(levels - 1)]);
  atLimit('src/language/types/json-type.ts MAX_DEPTH', {
    within: (levels) => expect(innermost(typeOfJson(nested(levels)))).toEqual({ kind: 'string', value: 'x' }),
    beyond: (levels) => expect(innermost(typeOfJson(nested(levels)))).toEqual(UNKNOWN),
  });
  const list = (items: number) => typeOfJson(Array(items).fill('x'));
  atLimit('src/language/types/json-type.ts MAX_ITEMS', {
    within: (items) => expect(list(items)).toHaveProperty('tuple.length', items),
    beyond: (items) => expect(list(items)).toEqual({ kind: 'list', items: UNKNOWN }),
  });
  const written = (items: number) =>
    typeOfTemplate({ type: 'list', items: Array.from({ length: items }, () => ({ type: 'constant', value: 'x' })) }, NOTHING);
  atLimit('src/language/types/template-type.ts MAX_TUPLE', {
    within: (items) => expect(written(items)).toHaveProperty('tuple.length', items),
    beyond: (items) => expect(written(items)).not.toHaveProperty('tuple'),
  });
});

describe('of several types', () => {
  const shapes = (count: number) => unionOf(Array.from({ length: count }, (_, index) => shapeOf({ [`k${index}`]: STRING })));
  atLimit('src/language/types/union.ts MAX_MEMBERS', {
    within: (count) => expect(shapes(count)).toHaveProperty('members.length', count),
    beyond: (count) => expect(shapes(count)).toEqual(UNKNOWN),
  });
  // As many lists in one another, and the text in the middle, each of them made anew.
  const nested = (parts: number): Type => {
    let type: Type = { ...STRING };
    for (let part = 1; part < parts; part++) type = listOf(type);
    return type;
  };
  atLimit('src/language/types/union.ts MAX_COMPARED', {
    within: (parts) => expect(isSameType(nested(parts), nested(parts))).toBe(true),
    beyond: (parts) => expect(isSameType(nested(parts), nested(parts))).toBe(false),
  });
});

describe('of an expression', () => {
  const ITEM: Expression = { type: 'literal', value: 'x' };
  const typed = (nodes: number) => {
    const last: Expression = { type: 'literal', value: 'last' };
    const { typeOf } = inferType({ type: 'array', items: [...Array.from({ length: nodes - 2 }, () => ITEM), last] }, NOTHING);
    return renderType(typeOf(last));
  };
  atLimit('src/language/types/infer/infer.ts MAX_NODES', {
    within: (nodes) => expect(typed(nodes)).toBe('"last"'),
    beyond: (nodes) => expect(typed(nodes)).toBe('any'),
  });
});
