import { type Node, parseTree } from 'jsonc-parser';
import type { JsonValue } from '../../program/json.ts';
import { type ConfigChange, isTable } from './config-change.ts';
import { followLast } from './follow-last.ts';
import { blankMark } from './parse-config-text.ts';

/**
 * A JSON text with comments with one change in it; all else stays as it is, letter by letter. The caller checks that the result means what it should.
 */
export function editJsonc(text: string, { type, path, value }: ConfigChange): string {
  const root = parseTree(blankMark(text), [], { allowTrailingComma: true });
  if (root === undefined) return text;
  const { node, depth } = deepest(root, path);
  const rest = path.slice(depth);
  const style = styleOf(text);
  if (rest.length === 0) {
    if (type === 'append') return withEntry(text, node, undefined, value, style);
    return splice(text, node.offset, node.offset + node.length, render(value, indentAt(text, node.offset), style));
  }
  const [key = '', ...inner] = rest.map(String);
  const nested = inner.reduceRight<JsonValue>((within, name) => ({ [name]: within }), type === 'append' ? [value] : value);
  return withEntry(text, node, key, nested, style);
}

/** How new lines are written. */
interface Style {
  readonly newline: string;
  /** Of one level; undefined where all of the text stands on one line. */
  readonly indent: string | undefined;
}

function styleOf(text: string): Style {
  const isOneLine = !text.trim().includes('\n');
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  return { newline: text.includes('\r\n') ? '\r\n' : '\n', indent: isOneLine ? undefined : indent };
}

/** The last node on the way that is there, and how many keys lead to it. */
function deepest(root: Node, path: ConfigChange['path']): { readonly node: Node; readonly depth: number } {
  let node = root;
  for (const [depth, key] of path.entries()) {
    const next = node.type === 'array' ? node.children?.[Number(key)] : propertyOf(node, String(key))?.children?.[1];
    if (next === undefined) return { node, depth };
    node = next;
  }
  return { node, depth: path.length };
}

/** Of two properties of one name the last counts. */
function propertyOf(node: Node, key: string): Node | undefined {
  return node.type === 'object' ? node.children?.findLast((property) => property.children?.[0]?.value === key) : undefined;
}

function withEntry(text: string, container: Node, key: string | undefined, value: JsonValue, style: Style): string {
  const name = key === undefined ? '' : `${JSON.stringify(key)}: `;
  const close = container.offset + container.length - 1;
  const last = container.children?.at(-1);
  const outer = indentAt(text, container.offset);
  if (last === undefined) {
    // What is between empty brackets can only be blanks and comments, which stay.
    const kept = text.slice(container.offset + 1, close).trimEnd();
    if (style.indent === undefined) return splice(text, container.offset + 1, close, `${kept}${name}${render(value, '', style)}`);
    const inner = outer + style.indent;
    const { newline } = style;
    return splice(text, container.offset + 1, close, `${kept}${newline}${inner}${name}${render(value, inner, style)}${newline}${outer}`);
  }
  const end = last.offset + last.length;
  const gap = text.slice(end, close);
  const indent = indentAt(text, last.offset);
  const rendered = render(value, indent, gap.includes('\n') ? style : { ...style, indent: undefined });
  const followed = followLast({ gap, comments: /\/\/[^\n]*|\/\*[\s\S]*?\*\//g, indent, entry: `${name}${rendered}` });
  return splice(text, end, close, style.newline === '\n' ? followed : followed.replace(/\r?\n/g, style.newline));
}

function render(value: JsonValue, outer: string, style: Style): string {
  if (style.indent !== undefined) return JSON.stringify(value, null, style.indent).replaceAll('\n', `${style.newline}${outer}`);
  if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map((item) => render(item, outer, style)).join(', ')}]`;
  if (!isTable(value) || Object.keys(value).length === 0) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${render(item, outer, style)}`)
    .join(', ')} }`;
}

/** The blanks at the head of the line that an offset is in. */
function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1))?.[0] ?? '';
}

const splice = (text: string, start: number, end: number, between: string): string => text.slice(0, start) + between + text.slice(end);
