import type { ArrowFunctionExpression, AssignmentProperty, Pattern as EsPattern, RestElement } from 'acorn';
import type { Expression, Pattern } from '../../program/expression.ts';
import { FORBIDDEN_PROPERTIES } from '../../program/expression-vocabulary.ts';
import type { JsSource } from './js.ts';
import { placeOf } from './js.ts';
import { convertJs, reportForbidden, staticKey } from './js-nodes.ts';

/** An arrow function with an expression for a body, and its parameters, destructured or not (LANGUAGE §3.1). */
export function convertArrow(node: ArrowFunctionExpression, source: JsSource): Expression {
  const { context } = source;
  const place = placeOf(node, source);
  if (node.async) return context.report('expression-not-allowed', 'an expression cannot contain an async function', ...place);
  if (node.body.type === 'BlockStatement') {
    const help = 'Write what it returns directly: `x => x.name`; for more there is the `code` operation.';
    return context.report('expression-not-allowed', 'an arrow function cannot have a block body', ...place, help);
  }
  const rest = node.params.find((parameter) => parameter.type === 'RestElement');
  if (rest !== undefined) {
    context.report('expression-not-allowed', 'an arrow function takes no rest parameter', ...placeOf(rest, source));
  }
  const names = node.params.flatMap(namesOf);
  const body = node.body;
  return context.withParameters(names, () => {
    // Defaults may refer to the parameters, as in JavaScript.
    const parameters = node.params.map((parameter) => convertPattern(parameter, source));
    return { type: 'arrow', parameters, body: convertJs(body, source) };
  });
}

function namesOf(pattern: EsPattern): readonly string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'AssignmentPattern':
      return namesOf(pattern.left);
    case 'RestElement':
      return namesOf(pattern.argument);
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : namesOf(element)));
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) => namesOf(property.type === 'RestElement' ? property.argument : property.value));
    default:
      return [];
  }
}

function convertPattern(pattern: EsPattern, source: JsSource): Pattern {
  const [start, end] = placeOf(pattern, source);
  return source.context.node(start, end, () => {
    switch (pattern.type) {
      case 'Identifier':
        if (pattern.name.includes('-')) {
          source.context.report('expression-not-allowed', `\`${pattern.name}\` cannot be the name of a parameter`, start, end);
        }
        return { type: 'name', name: pattern.name };
      case 'AssignmentPattern':
        return { ...convertPattern(pattern.left, source), default: convertJs(pattern.right, source) };
      case 'ArrayPattern': {
        const rest = pattern.elements.find((element) => element?.type === 'RestElement');
        const items = pattern.elements
          .filter((element) => element?.type !== 'RestElement')
          .map((element) => (element === null ? null : convertPattern(element, source)));
        if (rest?.type !== 'RestElement') return { type: 'arrayPattern', items };
        return { type: 'arrayPattern', items, rest: convertPattern(rest.argument, source) };
      }
      case 'ObjectPattern': {
        const entries = pattern.properties
          .filter((property) => property.type === 'Property')
          .map((property) => convertEntry(property, source));
        const rest = pattern.properties.find((property) => property.type === 'RestElement');
        const restName = rest === undefined ? undefined : namesOf(rest)[0];
        return restName === undefined ? { type: 'objectPattern', entries } : { type: 'objectPattern', entries, rest: restName };
      }
      default:
        source.context.report('expression-not-allowed', 'this cannot be a parameter', start, end);
        return { type: 'name', name: '' };
    }
  });
}

function convertEntry(property: AssignmentProperty | RestElement, source: JsSource): { readonly key: string; readonly value: Pattern } {
  const nothing = { key: '', value: { type: 'name', name: '' } } as const;
  if (property.type === 'RestElement') return nothing;
  const value = convertPattern(property.value, source);
  if (property.computed) {
    source.context.report('expression-not-allowed', 'a destructured key must be written out', ...placeOf(property, source));
    return nothing;
  }
  const key = staticKey(property.key);
  if (FORBIDDEN_PROPERTIES.has(key)) {
    reportForbidden(key, property, source);
    return nothing;
  }
  return { key, value };
}
