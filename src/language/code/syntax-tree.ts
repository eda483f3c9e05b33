import type { Node } from 'acorn';

/** A node of the tree as a record: the walk reads children by name. */
export type AnyNode = Node & { readonly [key: string]: unknown };

export function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && typeof value.type === 'string';
}

export function child(node: AnyNode, key: string): AnyNode {
  const value = node[key];
  if (!isNode(value)) throw new TypeError(`a ${node.type} without ${key}`);
  return value;
}

export function listOf(node: AnyNode, key: string): readonly AnyNode[] {
  const value = node[key];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

export function nameOf(node: AnyNode): string {
  return typeof node.name === 'string' ? node.name : '';
}

export function isString(node: AnyNode): boolean {
  return node.type === 'Literal' && typeof node.value === 'string';
}
