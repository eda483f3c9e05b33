import type { Expression } from '../../../program/expression.ts';

const MAX_LENGTH = 80;

/** A name as part of a message. */
export function shownName(name: string): string {
  return `"${name.length > MAX_LENGTH ? `${name.slice(0, MAX_LENGTH - 1).toWellFormed()}…` : name}"`;
}

/** How an author writes a node, for messages; what would be long is "the value". */
export function spellNode(node: Expression): string {
  const text = spell(node);
  return text === undefined || text.length > MAX_LENGTH ? 'the value' : `\`${text}\``;
}

function spell(node: Expression): string | undefined {
  switch (node.type) {
    case 'root':
    case 'agent':
      return node.name;
    case 'parameter':
      // What Jexl's filters go through has no name of its own.
      return node.name.startsWith('@') ? undefined : node.name;
    case 'member':
      return join(spell(node.object), memberText(node.property));
    case 'jexlMember':
      return node.property.type === 'literal' ? join(spell(node.object), `.${node.property.value}`) : undefined;
    case 'index':
      return join(spell(node.object), '[…]');
    case 'chain':
      return spell(node.expression);
    case 'call':
      return join(spell(node.object), `.${node.method}(${node.arguments.length === 0 ? '' : '…'})`);
    case 'builtin':
      return `${node.name}(…)`;
    case 'filter':
      return join(spell(node.input), ` | ${node.name}`);
    case 'unary':
      return node.operator === 'typeof' ? join('typeof ', spell(node.operand)) : undefined;
    case 'undefined':
      return 'undefined';
    case 'literal':
      return JSON.stringify(node.value).length > 40 ? undefined : JSON.stringify(node.value);
    default:
      return undefined;
  }
}

function memberText(property: string): string {
  if (/^\d+$/.test(property)) return `[${property}]`;
  return /^[A-Za-z_$][\w$]*$/.test(property) ? `.${property}` : `[${JSON.stringify(property)}]`;
}

function join(first: string | undefined, second: string | undefined): string | undefined {
  return first === undefined || second === undefined ? undefined : first + second;
}
