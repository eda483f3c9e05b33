import type { OutlineNode } from '../../language/document/outline.ts';

/** What a schema can ask about a part of a file; undefined for what is not written yet. */
export type PlainValue = string | number | boolean | null | undefined | readonly PlainValue[] | { readonly [key: string]: PlainValue };

/** The value that an outline stands for, as far as the keywords of our schemas look at it. */
export function plainValue(node: OutlineNode | undefined): PlainValue {
  if (node === undefined) return undefined;
  if (node.kind === 'list') return node.items.map(plainValue);
  if (node.kind === 'mapping') return Object.fromEntries(node.entries.map(({ key, value }) => [key.text, plainValue(value)]));
  const { text, style } = node;
  if (style !== 'plain') return text;
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null' || text === '~') return null;
  return /^[-+]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}
