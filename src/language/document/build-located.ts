import { type Alias, isAlias, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap } from 'yaml';
import type { Diagnostic } from '../../program/diagnostic.ts';
import type { RuleName } from '../../program/rules.ts';
import { suggest } from '../../program/suggest.ts';
import { MASK } from '../source/mask.ts';
import type { LineIndex } from './line-index.ts';
import type { Located, LocatedEntry, LocatedKey, LocatedScalar } from './located.ts';
import { type ScalarStyle, TextMap } from './text-map.ts';
import { MAX_DEPTH } from './yaml-tokens.ts';

/** Nodes that aliases may add to a file, so that ten lines cannot become a billion values (LANGUAGE §1.1). */
const MAX_ALIAS_NODES = 10_000;

/** The file as written, the same as YAML saw it, and where to put findings. */
export interface BuildSource {
  readonly text: string;
  readonly masked: string;
  readonly lines: LineIndex;
  report(code: RuleName, start: number, end: number, message: string, help?: string): void;
  readonly diagnostics: Diagnostic[];
}

interface Built {
  readonly located: Located;
  /** Values in it, itself included, aliases expanded. */
  readonly size: number;
  /** Lists and mappings in one another in it, itself included: 0 for a scalar. */
  readonly height: number;
}

/**
 * Turns YAML's nodes into values that know their place. An alias becomes the very value that its anchor names (with that value's place). `<<:` merges the entries of
 * an aliased mapping (or of a list of them) under those written beside it: it is no part of YAML 1.2, but what authors who use anchors expect.
 * Keys are text as written: `404:` is the key "404".
 */
export function buildLocated(root: ParsedNode, source: BuildSource): Located {
  return new Builder(source).build(root, 1).located;
}

class Builder {
  private readonly source: BuildSource;
  private readonly anchors = new Map<string, Built | 'open'>();
  private aliasNodes = 0;

  constructor(source: BuildSource) {
    this.source = source;
  }

  build(node: ParsedNode, depth: number): Built {
    if (isAlias(node)) return this.resolveAlias(node, depth);
    if (node.anchor) this.anchors.set(node.anchor, 'open');
    const built = this.buildNode(node, depth);
    if (node.anchor) this.anchors.set(node.anchor, built);
    return built;
  }

  private buildNode(node: Exclude<ParsedNode, Alias.Parsed>, depth: number): Built {
    if (isScalar(node)) return { located: this.scalar(node), size: 1, height: 0 };
    const span = this.source.lines.span(node.range[0], this.trimEnd(node.range[0], node.range[1]));
    const parts: Built[] = [];
    const keep = (built: Built): Located => {
      parts.push(built);
      return built.located;
    };
    const located: Located = isSeq(node)
      ? { kind: 'list', items: node.items.map((item) => keep(this.build(item as ParsedNode, depth + 1))), span }
      : { kind: 'mapping', entries: this.entries(node, depth, keep), span };
    return {
      located,
      size: parts.reduce((sum, { size }) => sum + size, 1),
      height: parts.reduce((most, { height }) => Math.max(most, height + 1), 1),
    };
  }

  private entries(node: YAMLMap.Parsed, depth: number, keep: (built: Built) => Located): readonly LocatedEntry[] {
    const entries = new Map<string, LocatedEntry>();
    const merged: Located[] = [];
    for (const { key: keyNode, value: valueNode } of node.items) {
      const key = this.key(keyNode, node);
      const value = valueNode
        ? keep(this.build(valueNode, depth + 1))
        : keep({ located: this.nothing(key?.span.end ?? node.range[1]), size: 1, height: 0 });
      if (!key) continue;
      if (key.text === '<<' && isScalar(keyNode) && keyNode.type === 'PLAIN') merged.push(value);
      else if (entries.has(key.text)) {
        const first = entries.get(key.text)?.key.span.line;
        this.report('duplicate-key', key, `the key "${key.text}" is already given in line ${first}`, 'keep one of the two');
      } else entries.set(key.text, { key, value });
    }
    for (const value of merged) this.merge(value, entries);
    return [...entries.values()];
  }

  private merge(value: Located, into: Map<string, LocatedEntry>): void {
    const mappings = value.kind === 'list' ? value.items : [value];
    for (const mapping of mappings) {
      if (mapping.kind !== 'mapping') {
        this.report('bad-merge', mapping, '`<<` merges a mapping or a list of mappings', 'name an anchor: `<<: *defaults`');
        continue;
      }
      for (const entry of mapping.entries) if (!into.has(entry.key.text)) into.set(entry.key.text, entry);
    }
  }

  private key(node: ParsedNode | null, parent: YAMLMap.Parsed): LocatedKey | undefined {
    if (isScalar(node)) {
      if (node.anchor) this.anchors.set(node.anchor, { located: this.scalar(node), size: 1, height: 0 });
      const [start, end] = node.range;
      const located = typeof node.value === 'string' ? this.scalar(node) : undefined;
      const text = typeof located?.value === 'string' ? located.value : this.source.text.slice(start, end);
      if (end > start) return { text, span: this.source.lines.span(start, end) };
    }
    const [start, end] = node?.range ?? parent.range;
    const help = 'every entry of a mapping is `key: value` with a text as its key';
    this.source.report('non-string-key', start, Math.max(end, start + 1), 'this key is not a text', help);
    return undefined;
  }

  private resolveAlias(node: Alias.Parsed, depth: number): Built {
    const [start, end] = node.range;
    const nothing: Built = { located: this.nothing(start), size: 1, height: 0 };
    const target = this.anchors.get(node.source);
    if (target === undefined || target === 'open') {
      const near = suggest(node.source, this.anchors.keys());
      const message =
        target === 'open' ? `"*${node.source}" stands inside its own anchor` : `no anchor "&${node.source}" is defined before this`;
      this.source.report('bad-alias', start, end, message, near ? `did you mean "*${near}"?` : 'text that begins with `*` needs quotes');
      return nothing;
    }
    this.aliasNodes += target.size;
    if (this.aliasNodes > MAX_ALIAS_NODES) {
      const first = this.aliasNodes - target.size <= MAX_ALIAS_NODES;
      if (first) this.source.report('alias-expansion', start, end, 'the aliases of this file expand to more than 10,000 values');
      return nothing;
    }
    if (depth - 1 + target.height > MAX_DEPTH) {
      this.source.report('too-deep', start, end, `with this alias values are nested more than ${MAX_DEPTH} levels deep`);
      return nothing;
    }
    return target;
  }

  private scalar(node: Scalar.Parsed): LocatedScalar {
    const { lines, text, masked } = this.source;
    const [start, valueEnd] = node.range;
    const end = this.trimEnd(start, valueEnd);
    const span = lines.span(start, end);
    if (typeof node.value !== 'string') {
      const plain = this.plainValue(node.value, start, end);
      return {
        kind: 'scalar',
        value: plain,
        span,
        at: (first, last) => (typeof plain === 'string' ? lines.span(start + first, start + last) : span),
      };
    }
    const value = node.value;
    const { style, from, to } = this.body(node, start, valueEnd);
    let map: TextMap | undefined;
    const textMap = (): TextMap => {
      map ??= new TextMap(value, masked, from, to, style);
      return map;
    };
    return {
      kind: 'scalar',
      value: value.includes(MASK) ? textMap().restore(value, text) : value,
      span,
      at: (first, last) => {
        const begin = textMap().startOf(first);
        return lines.span(begin, last > first ? Math.max(begin, textMap().endOf(last - 1)) : begin);
      },
    };
  }

  private body(node: Scalar.Parsed, start: number, end: number): { style: ScalarStyle; from: number; to: number } {
    switch (node.type) {
      case 'QUOTE_SINGLE':
        return { style: 'single', from: start + 1, to: end - 1 };
      case 'QUOTE_DOUBLE':
        return { style: 'double', from: start + 1, to: end - 1 };
      case 'BLOCK_LITERAL':
      case 'BLOCK_FOLDED': {
        const newline = this.source.masked.indexOf('\n', start);
        return { style: 'block', from: newline === -1 ? end : Math.min(newline + 1, end), to: end };
      }
      default:
        return { style: 'plain', from: start, to: end };
    }
  }

  /** A plain number, boolean or null. JSON has no infinities, and a number beyond 2^53 would silently lose its last digits. */
  private plainValue(value: unknown, start: number, end: number): number | boolean | null | string {
    if (typeof value === 'boolean') return value;
    if (typeof value !== 'number') return null;
    const written = this.source.text.slice(start, end);
    const help = 'put it in quotes if it is meant as text';
    if (!Number.isFinite(value)) {
      this.source.report('bad-number', start, end, `\`${written}\` is no number that JSON can hold`, help);
      return written;
    }
    if (/^[-+]?\d+$/.test(written) && !Number.isSafeInteger(value)) {
      this.source.report('bad-number', start, end, `\`${written}\` has more digits than a number keeps: it would become ${value}`, help);
    }
    return value;
  }

  private nothing(at: number): LocatedScalar {
    const span = this.source.lines.span(at, at);
    return { kind: 'scalar', value: null, span, at: () => span };
  }

  private report(code: RuleName, { span }: { readonly span: LocatedKey['span'] }, message: string, help: string): void {
    this.source.report(code, span.start, span.end, message, help);
  }

  private trimEnd(start: number, end: number): number {
    let at = end;
    while (at > start && /\s/.test(this.source.masked.charAt(at - 1))) at--;
    return at;
  }
}
