import type { Expression, Pattern, SpreadElement } from '../../program/expression.ts';

/** The expressions right inside of one, in the order in which they are written. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.type) {
    case 'literal':
    case 'undefined':
    case 'regex':
    case 'root':
    case 'agent':
    case 'parameter':
    case 'constant':
    case 'builtinReference':
      return [];
    case 'template':
      return node.values;
    case 'array':
      return node.items.map(itemValue);
    case 'object':
      return node.entries.flatMap((entry) =>
        entry.type === 'entry' && typeof entry.key !== 'string' ? [entry.key, entry.value] : [entry.value],
      );
    case 'member':
      return [node.object];
    case 'index':
    case 'jexlMember':
    case 'jexlIndex':
      return [node.object, node.property];
    case 'chain':
      return [node.expression];
    case 'call':
      return [node.object, ...node.arguments.map(itemValue)];
    case 'builtin':
      return node.arguments.map(itemValue);
    case 'filter':
      return [node.input, ...node.arguments];
    case 'unary':
      return [node.operand];
    case 'binary':
    case 'logical':
      return [node.left, node.right];
    case 'conditional':
      return [node.test, node.then, node.else];
    case 'arrow':
      return [...node.parameters.flatMap(defaultsOf), node.body];
    case 'jexlFilter':
      return [node.subject, node.test];
    default:
      return node satisfies never;
  }
}

/** The expression and all that lie in it, each before its parts. */
export function* everyExpression(root: Expression): Generator<Expression> {
  const pending = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    yield node;
    pending.push(...childrenOf(node).toReversed());
  }
}

function itemValue(item: Expression | SpreadElement): Expression {
  return item.type === 'spread' ? item.value : item;
}

function defaultsOf(pattern: Pattern): readonly Expression[] {
  const own = pattern.default === undefined ? [] : [pattern.default];
  switch (pattern.type) {
    case 'name':
      return own;
    case 'objectPattern':
      return [...pattern.entries.flatMap(({ value }) => defaultsOf(value)), ...own];
    case 'arrayPattern': {
      const items = pattern.items.flatMap((item) => (item === null ? [] : defaultsOf(item)));
      return [...items, ...(pattern.rest === undefined ? [] : defaultsOf(pattern.rest)), ...own];
    }
    default:
      return pattern satisfies never;
  }
}
