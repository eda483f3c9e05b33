import { parse } from 'smol-toml';

export type ConfigPath = readonly (string | number)[];

/** A header of a table: `[a.b]` or `[[a.b]]`, whose path ends with the entry's number. */
export interface TomlHeader {
  readonly type: 'header';
  readonly path: ConfigPath;
  readonly isEntry: boolean;
  readonly start: number;
  readonly end: number;
}

/** `key = value`, in a table or inside an inline one, or an element of a list, whose `start` is its value's. */
export interface TomlValue {
  readonly type: 'value';
  readonly path: ConfigPath;
  /** How its key is written, from its table on: `a.b = 1` has two parts. Empty for an element of a list. */
  readonly keyParts: number;
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Inside an inline table or a list. */
  readonly isInline: boolean;
}

export type TomlItem = TomlHeader | TomlValue;

/**
 * Where the tables and values of a TOML text stand, in the order of the text: smol-toml keeps no positions. The text must be well-formed (smol-toml has read it); of one
 * that is not, whatever is found before the fault is given back.
 */
export function outlineToml(text: string): readonly TomlItem[] {
  const items: TomlItem[] = [];
  /** How many entries each list of tables has so far, by its path. */
  const entries = new Map<string, number>();
  let table: ConfigPath = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;

  const skip = (pattern: RegExp): void => {
    pattern.lastIndex = at;
    at += pattern.exec(text)?.[0].length ?? 0;
  };
  const readString = (): void => {
    const quote = text.charAt(at);
    const long = text.startsWith(quote.repeat(3), at);
    const pattern = long ? LONG_STRINGS[quote] : SHORT_STRINGS[quote];
    if (pattern === undefined) return;
    skip(pattern);
  };
  const readKey = (): string[] => {
    const parts: string[] = [];
    for (;;) {
      skip(BLANKS);
      const start = at;
      if (text.charAt(at) === '"' || text.charAt(at) === "'") readString();
      else skip(BARE_KEY);
      if (at === start) return parts;
      parts.push(decodeKey(text.slice(start, at)));
      skip(BLANKS);
      if (text.charAt(at) !== '.') return parts;
      at += 1;
    }
  };
  const readValue = (path: ConfigPath): void => {
    const first = text.charAt(at);
    if (first === '"' || first === "'") readString();
    else if (first === '[') readList(path);
    else if (first === '{') readInlineTable(path);
    else skip(PLAIN_VALUE);
  };
  const readList = (path: ConfigPath): void => {
    at += 1;
    for (let index = 0; at < text.length; index++) {
      skip(BLANKS_AND_COMMENTS);
      if (text.charAt(at) === ']') break;
      const start = at;
      const place = items.length;
      readValue([...path, index]);
      if (at === start) break;
      items.splice(place, 0, value([...path, index], { keyParts: 0, start, valueStart: start, isInline: true }));
      skip(BLANKS_AND_COMMENTS);
      if (text.charAt(at) === ',') at += 1;
    }
    at += 1;
  };
  const readInlineTable = (path: ConfigPath): void => {
    at += 1;
    while (at < text.length) {
      skip(BLANKS_AND_COMMENTS);
      if (text.charAt(at) === '}' || !readAssignment(path, true)) break;
      skip(BLANKS_AND_COMMENTS);
      if (text.charAt(at) === ',') at += 1;
    }
    at += 1;
  };
  const readAssignment = (path: ConfigPath, isInline: boolean): boolean => {
    const start = at;
    const key = readKey();
    if (key.length === 0 || text.charAt(at) !== '=') return false;
    at += 1;
    skip(BLANKS);
    const valueStart = at;
    const place = items.length;
    const full = [...path, ...key];
    readValue(full);
    items.splice(place, 0, value(full, { keyParts: key.length, start, valueStart, isInline }));
    return at > valueStart;
  };
  const value = (path: ConfigPath, place: Omit<TomlValue, 'type' | 'path' | 'valueEnd'>): TomlValue => ({
    type: 'value',
    path,
    ...place,
    valueEnd: at,
  });
  /** The path of a header with the numbers of the entries that it lies in. */
  const locate = (parts: readonly string[], isEntry: boolean): ConfigPath => {
    const path: (string | number)[] = [];
    for (const [index, part] of parts.entries()) {
      path.push(part);
      const known = entries.get(pathKey(path));
      if (isEntry && index === parts.length - 1) {
        entries.set(pathKey(path), (known ?? 0) + 1);
        path.push(known ?? 0);
      } else if (known !== undefined) path.push(known - 1);
    }
    return path;
  };

  while (at < text.length) {
    skip(BLANKS_AND_COMMENTS);
    const start = at;
    if (text.charAt(at) === '[') {
      const isEntry = text.startsWith('[[', at);
      at += isEntry ? 2 : 1;
      table = locate(readKey(), isEntry);
      at += isEntry ? 2 : 1;
      items.push({ type: 'header', path: table, isEntry, start, end: at });
    } else if (at < text.length) readAssignment(table, false);
    if (at === start) break;
  }
  return items;
}

/** For maps by path. */
export function pathKey(path: ConfigPath): string {
  return JSON.stringify(path);
}

const BLANKS = /[ \t]*/y;
const BLANKS_AND_COMMENTS = /(?:[ \t\r\n]+|#[^\n]*)*/y;
const BARE_KEY = /[A-Za-z0-9_-]*/y;
/** Numbers, booleans and dates, of which one form has a space. */
const PLAIN_VALUE = /\d{4}-\d\d-\d\d \d\d:[^\s,\]}#]*|[^\s,\]}#]*/y;
const SHORT_STRINGS: Readonly<Record<string, RegExp>> = { '"': /"(?:\\.|[^"\\\n])*"/y, "'": /'[^'\n]*'/y };
/** Up to two quotes may stand before the three that end it. */
const LONG_STRINGS: Readonly<Record<string, RegExp>> = {
  '"': /"""(?:\\[\s\S]|(?!""")[^\\])*"{3,5}/y,
  "'": /'''(?:(?!''')[\s\S])*'{3,5}/y,
};

/** What is no key in TOML stays as it is written. */
function decodeKey(raw: string): string {
  if (!raw.startsWith('"') && !raw.startsWith("'")) return raw;
  try {
    return String(parse(`key = ${raw}`).key);
  } catch {
    return raw;
  }
}
