import type { JsonValue } from '../../program/json.ts';
import { type ConfigChange, isTable } from './config-change.ts';
import { followLast } from './follow-last.ts';
import { type ConfigPath, outlineToml, pathKey, type TomlHeader, type TomlItem, type TomlValue } from './toml-outline.ts';

/**
 * A TOML text with one change in it; all else stays as it is, letter by letter. The caller checks that the result means what it should: of the rare ways to write a
 * table that this does not know, the text comes back wrong or the same.
 */
export function editToml(text: string, change: ConfigChange): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const outline = new Outline(text);
  const place = change.type === 'set' ? placeOfSet(outline, change) : placeOfAppend(outline, change);
  return text.slice(0, place.start) + place.text.replace(/\r?\n/g, newline) + text.slice(place.end);
}

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const insertion = (at: number, text: string): Replacement => ({ start: at, end: at, text });

function placeOfSet(outline: Outline, { path, value, comment }: ConfigChange): Replacement {
  const there = outline.value(path);
  if (there !== undefined) return { start: there.valueStart, end: there.valueEnd, text: renderValue(value) };
  const parent = path.slice(0, -1);
  const inline = outline.inlineAncestor(parent);
  if (inline !== undefined) return intoInlineTable(outline, inline, path, value);
  const line = `${renderKey(path.slice(-1))} = ${renderValue(value)}`;
  if (parent.length === 0) return insertion(...rootPlace(outline, withComment(line, comment)));
  const header = outline.header(parent);
  if (header !== undefined) return insertion(outline.lineEnd(outline.lastOf(header)), `\n${line}`);
  const dotted = outline.dottedSibling(parent);
  if (dotted !== undefined) {
    const table = dotted.path.slice(0, dotted.path.length - dotted.keyParts);
    return insertion(outline.lineEnd(dotted), `\n${renderKey(path.slice(table.length))} = ${renderValue(value)}`);
  }
  return insertion(outline.text.length, outline.atEnd(withComment(`[${renderKey(parent)}]\n${line}`, comment)));
}

function placeOfAppend(outline: Outline, change: ConfigChange): Replacement {
  const { path, value, comment } = change;
  const list = outline.value(path);
  if (list !== undefined) return intoList(outline, list, value);
  const entries = outline.entries(path);
  const last = entries.at(-1);
  if (last === undefined && (!isTable(value) || outline.inlineAncestor(path.slice(0, -1)) !== undefined)) {
    return placeOfSet(outline, { ...change, value: [value] });
  }
  const block = withComment(renderEntry(path, value), comment);
  if (last === undefined) return insertion(outline.text.length, outline.atEnd(block));
  return insertion(outline.lineEnd(outline.lastWithin(last)), `\n\n${block}`);
}

/** Behind the last key of the root, else above all, but behind a comment that stands for itself at the head of the file. */
function rootPlace(outline: Outline, line: string): [number, string] {
  const last = outline.lastOf(undefined);
  if (last !== undefined) return [outline.lineEnd(last), `\n${line}`];
  const head = /^\uFEFF?(?:#[^\n]*\n)+(?:[ \t]*\r?\n)/.exec(outline.text)?.[0] ?? /^\uFEFF?/.exec(outline.text)?.[0] ?? '';
  return [head.length, outline.text.length === head.length ? `${line}\n` : `${line}\n\n`];
}

function intoInlineTable({ text }: Outline, table: TomlValue, path: ConfigPath, value: JsonValue): Replacement {
  const close = table.valueEnd - 1;
  const before = text.slice(table.valueStart + 1, close).trimEnd();
  const at = table.valueStart + 1 + before.length;
  const entry = `${renderKey(path.slice(table.path.length))} = ${renderValue(value)}`;
  if (before.endsWith(',')) return insertion(at, ` ${entry}`);
  return before === '' ? { start: at, end: close, text: ` ${entry} ` } : insertion(at, `, ${entry}`);
}

/** Each element on a line of its own stays so; a comment stays with its element. */
function intoList(outline: Outline, list: TomlValue, value: JsonValue): Replacement {
  const { text } = outline;
  const close = list.valueEnd - 1;
  const last = outline.lastElement(list);
  if (last === undefined) return insertion(close, renderValue(value));
  const gap = text.slice(last.valueEnd, close);
  const indent = /^[ \t]*/.exec(text.slice(outline.lineStart(last.start)))?.[0] ?? '';
  return { start: last.valueEnd, end: close, text: followLast({ gap, comments: /#[^\n]*/g, indent, entry: renderValue(value) }) };
}

/** The items of a text, asked for by path. */
class Outline {
  readonly text: string;
  readonly #items: readonly TomlItem[];

  constructor(text: string) {
    this.text = text;
    this.#items = outlineToml(text);
  }

  value(path: ConfigPath): TomlValue | undefined {
    const key = pathKey(path);
    return this.#items.find((item): item is TomlValue => item.type === 'value' && pathKey(item.path) === key);
  }

  header(path: ConfigPath): TomlHeader | undefined {
    const key = pathKey(path);
    return this.#items.find((item): item is TomlHeader => item.type === 'header' && pathKey(item.path) === key);
  }

  /** The inline table that a path lies in or is, the innermost one. */
  inlineAncestor(path: ConfigPath): TomlValue | undefined {
    for (let length = path.length; length > 0; length--) {
      const found = this.value(path.slice(0, length));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** A key that makes the table at the path without a header for it: `build.cwd = "."`. */
  dottedSibling(path: ConfigPath): TomlValue | undefined {
    return this.#items.findLast(
      (item): item is TomlValue =>
        item.type === 'value' && !item.isInline && item.path.length - item.keyParts < path.length && startsWith(item.path, path),
    );
  }

  /** The headers `[[path]]`. */
  entries(path: ConfigPath): readonly TomlHeader[] {
    return this.#items.filter(
      (item): item is TomlHeader =>
        item.type === 'header' && item.isEntry && item.path.length === path.length + 1 && startsWith(item.path, path),
    );
  }

  /** The last key below a header, or the header when it has none; without a header the last of the root, if there is one. */
  lastOf(header: TomlHeader): TomlItem;
  lastOf(header: undefined): TomlItem | undefined;
  lastOf(header: TomlHeader | undefined): TomlItem | undefined {
    let last: TomlItem | undefined = header;
    for (const item of this.#items.slice(header === undefined ? 0 : this.#items.indexOf(header) + 1)) {
      if (item.type === 'header') break;
      if (!item.isInline) last = item;
    }
    return last;
  }

  /** The last thing in an entry, its own tables included. */
  lastWithin(entry: TomlHeader): TomlItem {
    return this.#items.findLast((item) => startsWith(item.path, entry.path)) ?? entry;
  }

  lastElement(list: TomlValue): TomlValue | undefined {
    return this.#items.findLast(
      (item): item is TomlValue => item.type === 'value' && item.path.length === list.path.length + 1 && startsWith(item.path, list.path),
    );
  }

  /** Where the line of an item's end ends, a comment behind it included. */
  lineEnd(item: TomlItem): number {
    const end = item.type === 'header' ? item.end : item.valueEnd;
    const newline = this.text.indexOf('\n', end);
    if (newline === -1) return this.text.length;
    return this.text.charAt(newline - 1) === '\r' ? newline - 1 : newline;
  }

  lineStart(at: number): number {
    return this.text.lastIndexOf('\n', at - 1) + 1;
  }

  /** A block as the last one of the file. */
  atEnd(block: string): string {
    const blank = this.text.trim() === '' ? '' : /\n[ \t]*\r?\n$/.test(this.text) ? '' : this.text.endsWith('\n') ? '\n' : '\n\n';
    return `${blank}${block}\n`;
  }
}

function startsWith(path: ConfigPath, start: ConfigPath): boolean {
  return start.length <= path.length && start.every((part, index) => path[index] === part);
}

function withComment(block: string, comment: string | undefined): string {
  return comment === undefined ? block : `# ${comment.replace(/\s+/g, ' ')}\n${block}`;
}

function renderEntry(path: ConfigPath, value: JsonValue): string {
  const lines = isTable(value) ? Object.entries(value).map(([key, inner]) => `${renderKey([key])} = ${renderValue(inner)}`) : [];
  return [`[[${renderKey(path)}]]`, ...lines].join('\n');
}

/** Numbers are entries of a list of tables, which a header does not name. */
function renderKey(path: ConfigPath): string {
  const parts = path.filter((part) => typeof part === 'string');
  return parts.map((part) => (/^[A-Za-z0-9_-]+$/.test(part) ? part : renderText(part))).join('.');
}

function renderValue(value: JsonValue): string {
  if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map(renderValue).join(', ')}]`;
  if (isTable(value)) {
    const entries = Object.entries(value).map(([key, inner]) => `${renderKey([key])} = ${renderValue(inner)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  return typeof value === 'string' ? renderText(value) : String(value);
}

/** JSON's escapes are TOML's; but for U+007F, which JSON lets stand. */
function renderText(text: string): string {
  return JSON.stringify(text).replaceAll('\u007F', '\\u007F');
}
