import type { JsonSchema, JsonValue } from '../../program/json.ts';
import { placeOf } from '../model/schema-places.ts';
import { listAuthorSchemas } from './author-schemas.ts';
import type { Check } from './check.ts';
import { findMisfit, shortJson } from './schema-fit.ts';

/** Pairs of limits, and whether the lower may equal the upper one. */
const LIMITS: readonly (readonly [lower: string, upper: string, mayMeet: boolean])[] = [
  ['minimum', 'maximum', true],
  ['exclusiveMinimum', 'maximum', false],
  ['minimum', 'exclusiveMaximum', false],
  ['exclusiveMinimum', 'exclusiveMaximum', false],
  ['minLength', 'maxLength', true],
  ['minItems', 'maxItems', true],
  ['minProperties', 'maxProperties', true],
];

/** With limits that exclude each other, or with choices that are of another type, every value is refused. */
export const impossibleSchema: Check = {
  codes: ['impossible-schema'],
  check(body, findings) {
    for (const node of listAuthorSchemas(body).flatMap(({ nodes }) => nodes)) {
      const { schema, where } = node;
      for (const [lower, upper, mayMeet] of LIMITS) {
        const [from, to] = [schema[lower], schema[upper]];
        if (typeof from !== 'number' || typeof to !== 'number' || from < to || (mayMeet && from === to)) continue;
        findings.report('impossible-schema', placeOf(node, lower), `\`${lower}: ${from}\` and \`${upper}: ${to}\` leave no value${where}`, {
          help: `\`${lower}\` must be ${mayMeet ? 'at most' : 'less than'} \`${upper}\``,
        });
      }
      const problem = choiceProblem(schema);
      if (problem === undefined) continue;
      findings.report('impossible-schema', placeOf(node, problem.keyword), `${problem.message}${where}`, { help: problem.help });
    }
  },
};

interface Problem {
  readonly keyword: string;
  readonly message: string;
  readonly help?: string;
}

function choiceProblem(schema: JsonSchema): Problem | undefined {
  const { type } = schema;
  if (Array.isArray(schema.enum) && schema.enum.length === 0) return { keyword: 'enum', message: '`enum` lists no value' };
  if (type === undefined) return undefined;
  const fits = (value: JsonValue): boolean => findMisfit({ type }, value) === undefined;
  const types = Array.isArray(type) ? type.join(' or ') : String(type);
  const help = 'change the type or the values: YAML reads `1` as a number and `"1"` as text';
  if (Array.isArray(schema.enum) && !schema.enum.some(fits))
    return { keyword: 'enum', message: `no value of \`enum\` is of the type ${types}`, help };
  if (schema.const !== undefined && !fits(schema.const)) {
    return { keyword: 'const', message: `\`const\` is not of the type ${types}: ${shortJson(schema.const)}`, help };
  }
  return undefined;
}
