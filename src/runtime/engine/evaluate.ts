import type { Template } from '../../program/expression.ts';
import type { JsonValue } from '../../program/json.ts';
import { compileTemplate } from '../expression/compile-template.ts';
import type { Scope } from '../expression/scope.ts';

/** Gives a template's value as JSON data; undefined when the whole of it is. Throws `FailureError`. */
export type Evaluate = (scope: Scope) => JsonValue | undefined;

/** By template object: programs are frozen and reused, so each template is compiled once, when it is first needed. */
const prepared = new WeakMap<Template, Evaluate>();

export function prepareTemplate(template: Template): Evaluate {
  const known = prepared.get(template);
  if (known !== undefined) return known;
  const evaluate = build(template);
  prepared.set(template, evaluate);
  return evaluate;
}

function build(template: Template): Evaluate {
  if (template.type === 'constant') {
    const { value } = template;
    return () => value;
  }
  return compileTemplate(template);
}
