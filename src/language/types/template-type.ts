import type { Template } from '../../program/expression.ts';
import type { ParsedValue } from '../model/read.ts';
import type { Environment } from './environment.ts';
import { inferType } from './infer/infer.ts';
import { asJson, typeOfJson } from './json-type.ts';
import { listOf, NULL, type Property, STRING, type Type, UNKNOWN } from './type.ts';
import { mayBe, unionOf, withoutUndefined } from './union.ts';

/** Of a longer list only its items in general are known. */
const MAX_TUPLE = 32;

/** The type of what a template gives where names mean what `environment` says: data, or undefined. */
export function typeOfTemplate(template: Template, environment: Environment): Type {
  switch (template.type) {
    case 'constant':
      return typeOfJson(template.value);
    case 'hole':
      return asJson(inferType(template.expression, environment).type);
    case 'text':
      return STRING;
    case 'list': {
      const types = template.items.map((item) => orNull(typeOfTemplate(item, environment)));
      return types.length > MAX_TUPLE ? listOf(unionOf(types)) : { kind: 'list', items: unionOf(types), tuple: types };
    }
    case 'mapping': {
      const properties = new Map<string, Property>();
      for (const { key, value } of template.entries) {
        const type = typeOfTemplate(value, environment);
        const optional = mayBe(type, ({ kind }) => kind === 'undefined');
        properties.set(key, { type: withoutUndefined(type), optional });
      }
      return { kind: 'object', properties, lists: 'all', others: UNKNOWN };
    }
    default:
      return template satisfies never;
  }
}

/** The same for a value of the file; `unknown` when something in it could not be parsed. */
export function typeOfValue({ template, diagnostics }: ParsedValue, environment: Environment): Type {
  return diagnostics.length > 0 ? UNKNOWN : typeOfTemplate(template, environment);
}

/** What stands where something must: undefined is null there. */
export function orNull(type: Type): Type {
  if (type.kind === 'unknown' || !mayBe(type, ({ kind }) => kind === 'undefined')) return type;
  return unionOf([withoutUndefined(type), NULL]);
}
