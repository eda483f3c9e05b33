import type { Template } from '../../program/expression.ts';
import type { JsonValue } from '../../program/json.ts';
import { compileHole } from './compile-hole.ts';
import { compileText } from './compile-text.ts';
import type { Scope } from './scope.ts';

/** Gives a template's value as JSON data; undefined when the whole of it is. */
export type EvaluateTemplate = (scope: Scope) => JsonValue | undefined;

/**
 * Compiles a template to a function of the scope. The value is JSON data already (see `toJson`): entries of a mapping that are undefined are left out,
 * items of a list are null. Parts of the scope that it reads are handed on, not copied. Throws `FailureError` `EXPRESSION` or `EXPRESSION_LIMIT`
 * with the expression's source in the message and its `{line, column, source}` in the details.
 */
export function compileTemplate(template: Template): EvaluateTemplate {
  switch (template.type) {
    case 'constant': {
      const { value } = template;
      return () => value;
    }
    case 'hole':
      return compileHole(template);
    case 'text':
      return compileText(template.parts);
    case 'list': {
      const items = template.items.map(compileTemplate);
      return (scope) => items.map((item) => item(scope) ?? null);
    }
    case 'mapping':
      return compileMapping(template.entries);
    default:
      return template satisfies never;
  }
}

function compileMapping(entries: readonly { readonly key: string; readonly value: Template }[]): EvaluateTemplate {
  const compiled = entries.map(({ key, value }) => ({ key, evaluate: compileTemplate(value) }));
  return (scope) => {
    const result: Record<string, JsonValue> = {};
    for (const { key, evaluate } of compiled) {
      const value = evaluate(scope);
      if (value === undefined) continue;
      if (key !== '__proto__') result[key] = value;
      // A key of the author's, as plain as any other.
      else Object.defineProperty(result, key, { value, enumerable: true, configurable: true, writable: true });
    }
    return result;
  };
}
