import type { JsonSchema, JsonValue } from '../../../program/json.ts';
import { isDeeper } from '../../../program/json-depth.ts';
import { MAX_OUTPUT_DEPTH } from '../../engine/json-size.ts';
import { getOwn } from '../../own-property.ts';
import { checkSchema } from '../../schema/check-schema.ts';
import { renderProblems } from '../../schema/schema-problem.ts';

/**
 * The schema that a provider is asked for. They take objects only: any other schema travels as the field `value` of one, with its local definitions at the
 * root, where its `$ref`s look for them.
 */
export function askedSchema(schema: JsonSchema): JsonSchema {
  if (!isWrapped(schema)) return schema;
  const { $defs, definitions, ...inner } = schema;
  return {
    type: 'object',
    properties: { value: inner },
    required: ['value'],
    additionalProperties: false,
    ...($defs === undefined ? {} : { $defs }),
    ...(definitions === undefined ? {} : { definitions }),
  };
}

/** The checked value in a model's answer, or what is wrong with it. White space, code fences and words around the JSON are forgiven. */
export function readAnswer(schema: JsonSchema, text: string): { readonly value: JsonValue } | { readonly problem: string } {
  const parsed = parseAnswer(text);
  if (parsed === undefined) return { problem: 'is not JSON' };
  const value = isWrapped(schema) && Object.hasOwn(Object(parsed), 'value') ? (getOwn(parsed, 'value') as JsonValue) : parsed;
  const problems = checkSchema(schema, value);
  return problems.length === 0 ? { value } : { problem: `does not satisfy the schema (${renderProblems(problems)})` };
}

/**
 * Whether OpenAI's strict mode takes a schema: every object lists all its fields as required and allows no others. Others are asked for
 * without strict mode, and checked here all the same.
 */
export function isStrict(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrict);
  if (typeof schema !== 'object' || schema === null) return true;
  const properties = getOwn(schema, 'properties');
  if (properties !== undefined || getOwn(schema, 'type') === 'object') {
    const required = getOwn(schema, 'required');
    const names = Object.keys(Object(properties));
    if (getOwn(schema, 'additionalProperties') !== false) return false;
    if (!names.every((name) => Array.isArray(required) && required.includes(name))) return false;
  }
  return Object.values(schema).every(isStrict);
}

function isWrapped(schema: JsonSchema): boolean {
  return schema.type !== 'object' && schema.properties === undefined;
}

function parseAnswer(text: string): JsonValue | undefined {
  const fenced = /```(?:json)?\s*([\s\S]*?)```/.exec(text)?.[1];
  const outer = /[[{][\s\S]*[\]}]/.exec(text)?.[0];
  for (const candidate of [text, fenced, outer]) {
    if (candidate === undefined || isDeeper(candidate, MAX_OUTPUT_DEPTH)) continue;
    try {
      return JSON.parse(candidate) as JsonValue;
    } catch {
      // The next candidate may be the JSON.
    }
  }
  return undefined;
}
