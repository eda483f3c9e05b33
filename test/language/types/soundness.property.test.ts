import { expect, test } from 'vitest';
import { parseTemplateText } from '../../../src/language/expression/template.ts';
import type { Environment } from '../../../src/language/types/environment.ts';
import { inferType } from '../../../src/language/types/infer/infer.ts';
import { renderType } from '../../../src/language/types/render-type.ts';
import { typeOfSchema } from '../../../src/language/types/schema-type.ts';
import { typeOfTemplate } from '../../../src/language/types/template-type.ts';
import { INTEGER, recordOf, STRING, shapeOf, type Type, UNKNOWN } from '../../../src/language/types/type.ts';
import { orUndefined } from '../../../src/language/types/union.ts';
import type { JsonObject, JsonSchema, JsonValue } from '../../../src/program/json.ts';
import { compileExpression } from '../../../src/runtime/expression/compile-expression.ts';
import { compileTemplate } from '../../../src/runtime/expression/compile-template.ts';
import { FailureError } from '../../../src/runtime/failure.ts';
import { applyDefaults } from '../../../src/runtime/schema/apply-defaults.ts';
import { checkSchema } from '../../../src/runtime/schema/check-schema.ts';
import { buildScope } from '../../runtime/expression/evaluate.ts';
import { fc } from '../../support/fast-check.ts';
import { jexlSources, jsSources, schemas, valuesOf } from './arbitraries.ts';
import { isMember } from './is-member.ts';

interface Case {
  readonly source: string;
  readonly schemas: readonly [JsonSchema, JsonSchema, JsonSchema];
  readonly values: readonly [JsonValue, JsonValue, JsonValue];
}

const given = fc
  .tuple(schemas, schemas, schemas)
  .chain((three) =>
    fc.record({ schemas: fc.constant(three), values: fc.tuple(...three.map(valuesOf)) as fc.Arbitrary<[JsonValue, JsonValue, JsonValue]> }),
  );

function cases(sources: fc.Arbitrary<string>, [open, close]: readonly [string, string]): fc.Arbitrary<Case> {
  return fc.record({ source: sources, given }).map(({ source, given: both }) => ({ source: `${open}${source}${close}`, ...both }));
}

function environmentOf([v, w, state]: Case['schemas']): Environment {
  const step: Type = shapeOf({ output: orUndefined(typeOfSchema(w)), attempts: INTEGER });
  const roots: Readonly<Record<string, Type>> = {
    input: {
      kind: 'object',
      properties: new Map([
        ['v', { type: typeOfSchema(v), optional: false }],
        ['w', { type: typeOfSchema(w), optional: true }],
      ]),
      lists: 'all',
      others: UNKNOWN,
    },
    state: shapeOf({ v: { type: typeOfSchema(state), optional: true } }),
    env: recordOf(STRING),
    run: shapeOf({ id: STRING }),
  };
  return { root: (name) => roots[name] ?? UNKNOWN, agent: (name) => (name === 'step' ? step : UNKNOWN) };
}

const places = (start: number, end: number) => ({ file: '', start, end, line: 1, column: 1, endLine: 1, endColumn: 1 });

/** What the engine makes of it and what its type says; undefined when it cannot be parsed or fails. */
function compare({ source, schemas: three, values: [v, w, state] }: Case): boolean | undefined {
  const parsed = parseTemplateText(source, { names: { agents: new Set(['step']) }, places });
  if (parsed.problems.length > 0 || parsed.template.type !== 'hole') return undefined;
  const scope = buildScope({
    input: { v, w },
    state: { v: state },
    env: { KEY: 'k' },
    run: { id: 'r1' },
    agents: new Map([['step', { output: w, attempts: 1 }]]),
  });
  const environment = environmentOf(three);
  const { expression } = parsed.template;
  const type = inferType(expression, environment).type;
  try {
    const value = compileExpression(expression)(scope);
    const json = compileTemplate(parsed.template)(scope);
    const jsonType = typeOfTemplate(parsed.template, environment);
    if (!isMember(value, type)) throw new Error(`${source} is ${JSON.stringify(value)}, its type is ${renderType(type)}`);
    if (!isMember(json, jsonType)) throw new Error(`${source} is ${JSON.stringify(json)} as data, its type is ${renderType(jsonType)}`);
    return type.kind !== 'unknown';
  } catch (error) {
    if (error instanceof FailureError) return undefined;
    throw error;
  }
}

test.each([
  ['JavaScript', jsSources, ['${', '}']],
  ['Jexl', jexlSources, ['$<', '>']],
] as const)('what an expression of %s gives is of its type', (_, sources, marks) => {
  let [compared, known] = [0, 0];
  fc.assert(
    fc.property(cases(sources, marks), (one) => {
      const result = compare(one);
      if (result === undefined) return;
      compared++;
      if (result) known++;
    }),
    { numRuns: Number(process.env.RUNS ?? 4_000) },
  );
  // A test that skips, or types that know nothing, would prove nothing.
  expect(compared).toBeGreaterThan(1_000);
  expect(known / compared).toBeGreaterThan(0.5);
});

test('what satisfies a schema is of its type', () => {
  const pairs = schemas.chain((schema) => valuesOf(schema).map((value) => ({ schema, value })));
  fc.assert(
    fc.property(pairs, ({ schema, value }) => {
      expect(checkSchema(schema, value)).toEqual([]);
      expect(isMember(value, typeOfSchema(schema))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('a value whose defaults are filled in is of the type that says so', () => {
  const withDefaults = fc
    .record({
      properties: fc.dictionary(
        fc.constantFrom('a', 'b', 'name'),
        schemas.chain((schema) =>
          fc
            .option(valuesOf(schema), { nil: undefined })
            .map((byDefault) => ({ ...schema, ...(byDefault !== undefined && { default: byDefault }) })),
        ),
      ),
    })
    .map(({ properties }): JsonSchema => ({ type: 'object', properties: properties as JsonObject }));
  fc.assert(
    fc.property(
      withDefaults.chain((schema) => valuesOf(schema).map((value) => ({ schema, value }))),
      ({ schema, value }) => {
        const filled = applyDefaults(schema, value);
        expect(isMember(filled, typeOfSchema(schema, 'filled'))).toBe(true);
      },
    ),
    { numRuns: 2_000 },
  );
});
