import { CST } from 'yaml';
import { maskSource } from '../source/mask.ts';
import { MAX_DEPTH, parseTokens, type Token } from './yaml-tokens.ts';

/**
 * What can be told of a text while it is being written: its mappings, lists and scalars as far as their tokens go, whether it is YAML or not. For editors;
 * the compiler reads `Located` values.
 */
export type OutlineNode = OutlineScalar | OutlineList | OutlineMapping;

export interface OutlineScalar {
  readonly kind: 'scalar';
  readonly style: 'plain' | 'single' | 'double' | 'block';
  /** As it stands in the file, without its quotes; escapes are not undone. */
  readonly text: string;
  /** Of the text, quotes excluded. */
  readonly start: number;
  readonly end: number;
}

export interface OutlineList {
  readonly kind: 'list';
  readonly items: readonly (OutlineNode | undefined)[];
}

export interface OutlineMapping {
  readonly kind: 'mapping';
  readonly entries: readonly OutlineEntry[];
}

export interface OutlineEntry {
  readonly key: OutlineScalar;
  readonly value: OutlineNode | undefined;
}

type Item = CST.CollectionItem | CST.BlockMap['items'][number];

/** As long as a file can be, in characters. */
const MAX_LENGTH = 1024 * 1024;

/**
 * The outline of the first document of a text; undefined when it holds nothing, or more than a file can. Never throws; what lies too deep is
 * left out.
 */
export function readOutline(text: string): OutlineNode | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const { masked } = maskSource(text);
  for (const token of parseTokens(masked)) {
    if (token.type === 'document' && token.value) return readNode(token.value, text, 0);
  }
  return undefined;
}

function readNode(token: Token, text: string, depth: number): OutlineNode | undefined {
  if (CST.isScalar(token)) return readScalar(token, text);
  if (!CST.isCollection(token) || depth >= MAX_DEPTH) return undefined;
  const inner = (value: Token | null | undefined) => (value ? readNode(value, text, depth + 1) : undefined);
  const items: readonly Item[] = token.items;
  if (token.type === 'block-seq') return { kind: 'list', items: items.map((item) => inner(item.value)) };
  if (token.type === 'flow-collection' && token.start.source === '[') {
    return { kind: 'list', items: items.filter(isFilled).map((item) => readFlowItem(item, inner)) };
  }
  return { kind: 'mapping', entries: items.flatMap((item) => readEntry(item, inner) ?? []) };
}

type ReadInner = (token: Token | null | undefined) => OutlineNode | undefined;

const isFilled = ({ key, value }: Item): boolean => Boolean(key ?? value);

/** An item of `[…]`: a value (which the parser calls a key while no colon follows), or the pair `a: b`. */
function readFlowItem(item: Item, inner: ReadInner): OutlineNode | undefined {
  if (!hasColon(item)) return inner(item.value ?? item.key);
  const entry = readEntry(item, inner);
  return entry && { kind: 'mapping', entries: [entry] };
}

function readEntry(item: Item, inner: ReadInner): OutlineEntry | undefined {
  const key = inner(item.key);
  return key?.kind === 'scalar' ? { key, value: inner(item.value) } : undefined;
}

function hasColon({ sep }: Item): boolean {
  return sep?.some(({ type }) => type === 'map-value-ind') ?? false;
}

function readScalar(token: CST.FlowScalar | CST.BlockScalar, text: string): OutlineScalar | undefined {
  const { offset, source, type } = token;
  const length = source.length;
  switch (type) {
    case 'alias':
      return undefined;
    case 'scalar':
      return scalar('plain', offset, offset + length, text);
    case 'block-scalar': {
      // `|` and what follows it in its line come first.
      const start = token.props.reduce((end, prop) => end + ('source' in prop ? prop.source.length : 0), offset);
      return scalar('block', start, start + length, text);
    }
    default: {
      const style = type === 'single-quoted-scalar' ? 'single' : 'double';
      const closed = length > 1 && source.endsWith(source.charAt(0));
      return scalar(style, offset + 1, offset + length - (closed ? 1 : 0), text);
    }
  }
}

function scalar(style: OutlineScalar['style'], start: number, end: number, text: string): OutlineScalar {
  return { kind: 'scalar', style, text: text.slice(start, end), start, end };
}
