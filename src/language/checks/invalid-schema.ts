import type { JsonSchema, JsonValue } from '../../program/json.ts';
import type { Findings } from '../model/findings.ts';
import { placeOf, type SchemaNode } from '../model/schema-places.ts';
import { isMapping, listAuthorSchemas } from './author-schemas.ts';
import type { Check } from './check.ts';
import { shortJson } from './schema-fit.ts';

/** What a keyword takes, or what is wrong with the value that it was given. */
type Keyword = { readonly takes: string; readonly fits: (value: JsonValue) => boolean };

const number: Keyword = { takes: 'a number', fits: (value) => typeof value === 'number' };
const count: Keyword = { takes: 'a whole number from 0 on', fits: (value) => Number.isInteger(value) && Number(value) >= 0 };
const isSchema = (value: JsonValue): boolean => typeof value === 'boolean' || isMapping(value);
const schema: Keyword = { takes: 'a schema', fits: isSchema };
const schemas: Keyword = {
  takes: 'a list of schemas',
  fits: (value) => Array.isArray(value) && value.length > 0 && value.every(isSchema),
};
const mapping: Keyword = { takes: 'a mapping of names to schemas', fits: isMapping };
const MAPPINGS: ReadonlySet<string> = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
const isType = (value: JsonValue): boolean => TYPES.has(String(value));
const TYPES: ReadonlySet<string> = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);

/** Keywords of JSON Schema (draft 2020-12) that have a meaning here. Short forms are expanded by now, but in schema files there are none. */
const KEYWORDS: Readonly<Record<string, Keyword>> = {
  type: {
    takes: `one of ${[...TYPES].join(', ')}, or a list of them`,
    fits: (value) => (Array.isArray(value) ? value.every(isType) : isType(value)),
  },
  minimum: number,
  maximum: number,
  exclusiveMinimum: number,
  exclusiveMaximum: number,
  multipleOf: { takes: 'a number above 0', fits: (value) => typeof value === 'number' && value > 0 },
  minLength: count,
  maxLength: count,
  minItems: count,
  maxItems: count,
  minProperties: count,
  maxProperties: count,
  minContains: count,
  maxContains: count,
  uniqueItems: { takes: 'true or false', fits: (value) => typeof value === 'boolean' },
  enum: { takes: 'a list of values', fits: (value) => Array.isArray(value) },
  required: { takes: 'a list of property names', fits: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string') },
  pattern: { takes: 'a regular expression', fits: (value) => typeof value === 'string' },
  format: { takes: 'the name of a format', fits: (value) => typeof value === 'string' },
  $ref: { takes: 'a reference such as #/$defs/name', fits: (value) => typeof value === 'string' },
  properties: mapping,
  patternProperties: mapping,
  $defs: mapping,
  definitions: mapping,
  dependentSchemas: mapping,
  dependentRequired: { takes: 'a mapping of names to lists of names', fits: isMapping },
  anyOf: schemas,
  oneOf: schemas,
  allOf: schemas,
  prefixItems: schemas,
  items: schema,
  additionalProperties: schema,
  contains: schema,
  not: schema,
  if: schema,
};

/** The checks of a schema that cannot be used fail whatever the value is, or let everything pass. */
export const invalidSchema: Check = {
  codes: ['invalid-schema'],
  check(body, findings) {
    for (const { root, nodes } of listAuthorSchemas(body)) {
      // `$id` and `$anchor` give names of their own to refer to.
      const named = nodes.some(({ schema }) => Object.hasOwn(schema, '$id') || Object.hasOwn(schema, '$anchor'));
      const defined = describeDefined(root);
      for (const node of nodes) {
        checkKeywords(node, findings);
        checkPatterns(node, findings);
        refuseDynamicReferences(node, findings);
        if (!named) checkReference(node, root, defined, findings);
      }
    }
  },
};

function checkKeywords(node: SchemaNode, findings: Findings): void {
  for (const [name, value] of Object.entries(node.schema)) {
    const keyword = Object.hasOwn(KEYWORDS, name) ? KEYWORDS[name] : undefined;
    if (keyword === undefined || value === undefined) continue;
    if (!keyword.fits(value)) report(node, name, name, keyword, value, findings);
    else if (MAPPINGS.has(name) && isMapping(value)) {
      for (const [key, part] of Object.entries(value)) if (!isSchema(part)) report(node, name, `${name}.${key}`, schema, part, findings);
    }
  }
}

function report(node: SchemaNode, name: string, path: string, { takes }: Keyword, value: JsonValue, findings: Findings): void {
  findings.report('invalid-schema', placeOf(node, name), `\`${path}\` of a schema takes ${takes}, not ${shortJson(value)}${node.where}`, {
    help: helpWith(name, value),
  });
}

function helpWith(name: string, value: JsonValue): string | undefined {
  if (typeof value === 'string' && /\$[{<]/.test(value)) return 'a schema is fixed before the run starts: no expression can stand in it';
  if (name === 'required') return 'inside of a property write `required: true`, beside `properties` a list of names: `required: [name]`';
  if (typeof value === 'boolean' && name.startsWith('exclusive')) return `write the limit itself in place of ${value}`;
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
    return `without quotes: \`${name}: ${value.trim()}\``;
  return undefined;
}

function checkPatterns(node: SchemaNode, findings: Findings): void {
  const { pattern, patternProperties } = node.schema;
  const patterns = [
    ...(typeof pattern === 'string' ? [['pattern', pattern] as const] : []),
    ...(isMapping(patternProperties) ? Object.keys(patternProperties).map((key) => ['patternProperties', key] as const) : []),
  ];
  for (const [keyword, text] of patterns) {
    const problem = regexProblem(text);
    if (problem === undefined) continue;
    findings.report('invalid-schema', placeOf(node, keyword), `\`${keyword}\` holds no regular expression: ${problem}${node.where}`, {
      help: 'patterns are JavaScript’s, with the flag `u`, and stand without slashes around them',
    });
  }
}

/** The library compiles patterns with the flag `u`, which refuses needless backslashes. */
function regexProblem(pattern: string): string | undefined {
  try {
    new RegExp(pattern, 'u');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error);
  }
}

/** They would lead to one schema or another depending on how they were reached; the evaluator refuses every value that meets one. */
function refuseDynamicReferences(node: SchemaNode, findings: Findings): void {
  for (const keyword of DYNAMIC_REFERENCES) {
    if (!Object.hasOwn(node.schema, keyword)) continue;
    findings.report('invalid-schema', placeOf(node, keyword), `\`${keyword}\` of a schema is not supported${node.where}`, {
      help: 'only a reference that always leads to the same place can be used: `$ref: "#/$defs/name"`',
    });
  }
}

const DYNAMIC_REFERENCES = ['$dynamicRef', '$recursiveRef'] as const;

/** A schema stands alone: what it refers to must be in it. */
function checkReference(node: SchemaNode, root: JsonSchema, defined: string, findings: Findings): void {
  const { $ref: reference } = node.schema;
  if (typeof reference !== 'string') return;
  const span = placeOf(node, '$ref');
  if (!reference.startsWith('#')) {
    findings.report('invalid-schema', span, `the reference ${JSON.stringify(reference)} leads out of the schema${node.where}`, {
      help: 'only what the schema itself defines can be referred to: `$ref: "#/$defs/name"`',
    });
  } else if ((reference === '#' || reference.startsWith('#/')) && !leadsSomewhere(root, reference)) {
    findings.report('invalid-schema', span, `the reference ${JSON.stringify(reference)} leads nowhere${node.where}`, {
      help: `it is looked up in the schema that it stands in${defined}`,
    });
  }
}

function leadsSomewhere(root: JsonSchema, reference: string): boolean {
  let at: JsonValue | undefined = root;
  for (const segment of reference.slice(2).split('/')) {
    if (reference === '#') break;
    const name = decode(segment).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return false;
    at = (at as Readonly<Record<string, JsonValue>>)[name];
  }
  return typeof at === 'boolean' || isMapping(at);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** What there is to refer to, in words that end a help. */
function describeDefined({ $defs, definitions }: JsonSchema): string {
  const names = [
    ...Object.keys(isMapping($defs) ? $defs : {}).map((name) => `#/$defs/${name}`),
    ...Object.keys(isMapping(definitions) ? definitions : {}).map((name) => `#/definitions/${name}`),
  ];
  return names.length === 0 ? '' : `; there are ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`;
}
