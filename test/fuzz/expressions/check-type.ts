import type { Environment } from '../../../src/language/types/environment.ts';
import { inferType } from '../../../src/language/types/infer/infer.ts';
import { typeOfJson } from '../../../src/language/types/json-type.ts';
import { renderType } from '../../../src/language/types/render-type.ts';
import { typeOfTemplate } from '../../../src/language/types/template-type.ts';
import { listOf, recordOf, STRING, shapeOf, type Type, UNKNOWN } from '../../../src/language/types/type.ts';
import { mapProperties, unionOf } from '../../../src/language/types/union.ts';
import type { Template } from '../../../src/program/expression.ts';
import type { JsonValue } from '../../../src/program/json.ts';
import { compileExpression } from '../../../src/runtime/expression/compile-expression.ts';
import type { Scope } from '../../../src/runtime/expression/scope.ts';
import { isMember } from '../../language/types/is-member.ts';

/** How a template was evaluated, and what on. */
interface Evaluated {
  readonly template: Template;
  readonly data: JsonValue;
  readonly scope: Scope;
  readonly json: JsonValue | undefined;
}

/** What is wrong with what the types say of what a template gave; undefined when nothing is. What is known of the data is each literal of it, or only its shape. */
export function findTypeFault({ template, data, scope, json }: Evaluated): string | undefined {
  if (template.type !== 'hole') return undefined;
  const { expression } = template;
  const value = compileExpression(expression)(scope);
  // Sums and products of finite numbers count as finite (src/language/types/type.ts).
  if (!areFinite(value, new Set())) return undefined;
  const exact = typeOfJson(data);
  for (const type of [exact, widened(exact)]) {
    const environment = environmentOf(type, data);
    const inferred = inferType(expression, environment).type;
    if (!isMember(value, inferred)) return `is ${show(value)}, its type is ${renderType(inferred)}`;
    const asData = typeOfTemplate(template, environment);
    if (!isMember(json, asData)) return `is ${show(json)} as data, its type is ${renderType(asData)}`;
  }
  return undefined;
}

/** What check.ts gives expressions to read. */
function environmentOf(v: Type, data: JsonValue): Environment {
  const isObject = typeof data === 'object' && data !== null && !Array.isArray(data);
  const own = isObject && v.kind === 'object' ? v.properties : new Map();
  const given = isObject ? shapeOf({ v, w: { kind: 'list', items: v, tuple: [v] } }) : shapeOf({ v });
  const roots: Readonly<Record<string, Type>> = {
    input: { kind: 'object', properties: new Map([...own, ...given.properties]), lists: 'some', others: UNKNOWN },
    state: shapeOf({ v }),
    env: recordOf(STRING),
    run: shapeOf({ id: STRING }),
  };
  return { root: (name) => roots[name] ?? UNKNOWN, agent: (name) => (name === 'step' ? shapeOf({ output: v }) : UNKNOWN) };
}

/** The same type without what the values are: of numbers, texts and lists any. */
function widened(type: Type): Type {
  switch (type.kind) {
    case 'string':
    case 'number':
    case 'boolean':
      return { kind: type.kind };
    case 'list':
      return listOf(widened(type.items));
    case 'object':
      return {
        ...type,
        properties: mapProperties(type.properties, (property) => ({ ...property, type: widened(property.type), optional: true })),
      };
    case 'union':
      return unionOf(type.members.map(widened));
    default:
      return type;
  }
}

function areFinite(value: unknown, seen: Set<object>): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null || value instanceof Date || seen.has(value)) return true;
  seen.add(value);
  return (Array.isArray(value) ? value : Object.values(value)).every((item) => areFinite(item, seen));
}

function show(value: unknown): string {
  return value === undefined ? 'undefined' : JSON.stringify(value).slice(0, 1_000);
}
