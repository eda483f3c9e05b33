import type { Expression } from '../../program/expression.ts';
import { FORBIDDEN_PROPERTIES } from '../../program/expression-vocabulary.ts';
import { OPERATOR_WORDS } from './acorn-parser.ts';
import type { ParseContext } from './context.ts';

const PATH = /^\s*([A-Za-z_][\w-]*)((?:\.[A-Za-z_]\w*){0,20})\s*$/;

/**
 * Parses an expression that is a known name with members behind it, `fetch-user.output.id`, as acorn would: most expressions are one, and acorn takes a tenth of
 * a validation for them. Undefined when it is anything else, or anything is wrong with it.
 */
export function parsePath(text: string, offset: number, context: ParseContext): Expression | undefined {
  const [, name, members] = PATH.exec(text) ?? [];
  if (name === undefined || members === undefined || !context.isValueName(name) || OPERATOR_WORDS.has(name)) return undefined;
  const properties = members.split('.').slice(1);
  if (properties.some((property) => FORBIDDEN_PROPERTIES.has(property))) return undefined;
  const start = offset + text.indexOf(name);
  const build = (depth: number, end: number): Expression =>
    context.node(start, end, () => {
      const property = properties[depth - 1];
      if (property === undefined) return context.resolveName(name, start, end) ?? { type: 'undefined' };
      const object = build(depth - 1, end - property.length - 1);
      const member: Expression = { type: 'member', object, property, optional: false };
      context.places.addName(member, end - property.length, end);
      return context.extendReference(object, property, member, end);
    });
  return build(properties.length, start + name.length + members.length);
}
