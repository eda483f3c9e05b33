import type { Expression, SpreadElement, Template } from '../../../program/expression.ts';

/** A part of an expression that has parts itself. */
export type Node = Expression | SpreadElement;

/** Every expression of a value of the file. */
export function expressionsOf(template: Template): readonly Expression[] {
  switch (template.type) {
    case 'constant':
      return [];
    case 'hole':
      return [template.expression];
    case 'text':
      return template.parts.flatMap((part) => (typeof part === 'string' ? [] : [part.expression]));
    case 'list':
      return template.items.flatMap(expressionsOf);
    case 'mapping':
      return template.entries.flatMap(({ value }) => expressionsOf(value));
  }
}

/** Every node of every expression of a value. */
export function* everyNode(template: Template): Generator<Node> {
  const pending: Node[] = [...expressionsOf(template)];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    yield node;
    pending.push(...childNodes(node));
  }
}

/** The nodes right under one: whatever of its parts is a node, or a list of nodes and entries of objects. */
export function childNodes(node: Node): readonly Node[] {
  const children: Node[] = [];
  const collect = (part: unknown): void => {
    if (Array.isArray(part)) for (const item of part) collect(item);
    else if (isNode(part)) children.push(part);
    else if (isEntry(part)) for (const inner of [part.key, part.value]) collect(inner);
  };
  for (const part of Object.values(node)) collect(part);
  return children;
}

function isNode(part: unknown): part is Node {
  return typeof part === 'object' && part !== null && 'type' in part && part.type !== 'entry';
}

function isEntry(part: unknown): part is { readonly key: unknown; readonly value: unknown } {
  return typeof part === 'object' && part !== null && 'type' in part && part.type === 'entry';
}
