import { findNodeAtLocation, parse as parseJsonc, parseTree, printParseErrorCode, visit } from 'jsonc-parser';
import { parse as parseToml, TomlError } from 'smol-toml';
import type { JsonObject } from '../../program/json.ts';
import { isDeeper } from '../../program/json-depth.ts';
import { ProjectProblem } from '../project-problem.ts';
import { outlineToml, pathKey } from './toml-outline.ts';

export interface ConfigText {
  readonly value: JsonObject;
  /** The line (from 1) on which a key, a table or an entry of a list begins. Undefined when it is not there. */
  lineOf(path: readonly (string | number)[]): number | undefined;
}

/** wrangler's own configurations have six levels. */
const MAX_DEPTH = 100;

/**
 * The text of a wrangler configuration as data.
 * @throws ProjectProblem with file, line and column when it is not well-formed; also for one nested deeper than 100 levels, and for a key `__proto__`.
 */
export function parseConfigText(text: string, shownFile: string, isToml: boolean): ConfigText {
  const value = isToml ? readToml(text, shownFile) : readJsonc(text, shownFile);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ProjectProblem(`${shownFile}:1: expected an object with the Worker's configuration`);
  }
  let findLine: ConfigText['lineOf'] | undefined;
  return {
    value: value as JsonObject,
    lineOf(path) {
      findLine ??= isToml ? openTomlLines(text) : openJsoncLines(text);
      return findLine(path);
    },
  };
}

function readToml(text: string, shownFile: string): unknown {
  try {
    // Dates become text in JSON, which is how a Worker sees such a variable.
    const json = JSON.stringify(parseToml(text));
    // The parser counts brackets alone: dotted keys and headers nest as well.
    if (isDeeper(json, MAX_DEPTH)) throw tooDeep(shownFile);
    return JSON.parse(json, (key, value) => {
      if (key === '__proto__') throw prototypeKey(shownFile);
      return value;
    });
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(shownFile, error);
    if (!(error instanceof TomlError)) throw error;
    const [what = error.message] = error.message.split('\n');
    throw new ProjectProblem(
      `${shownFile}:${error.line}:${error.column}: ${what.replace(/^Invalid TOML document: /, '')}\n\n${error.codeblock}`,
      {
        cause: error,
      },
    );
  }
}

function readJsonc(text: string, shownFile: string): unknown {
  checkJsonc(blankMark(text), shownFile);
  return parseJsonc(blankMark(text), [], { allowTrailingComma: true });
}

function checkJsonc(text: string, shownFile: string): void {
  let depth = 0;
  const goDeeper = () => {
    depth += 1;
    if (depth > MAX_DEPTH) throw tooDeep(shownFile);
  };
  const comeBack = () => {
    depth -= 1;
  };
  visit(
    text,
    {
      onObjectBegin: goDeeper,
      onArrayBegin: goDeeper,
      onObjectEnd: comeBack,
      onArrayEnd: comeBack,
      onObjectProperty(name, _offset, _length, line) {
        if (name === '__proto__') throw prototypeKey(`${shownFile}:${line + 1}`);
      },
      onError(code, _offset, _length, line, column) {
        const words = printParseErrorCode(code)
          .replace(/([a-z])([A-Z])/g, '$1 $2')
          .toLowerCase();
        throw new ProjectProblem(`${shownFile}:${line + 1}:${column + 1}: ${words}`);
      },
    },
    { allowTrailingComma: true },
  );
}

function tooDeep(shownFile: string, cause?: RangeError): ProjectProblem {
  return new ProjectProblem(`${shownFile}: the configuration is nested deeper than ${MAX_DEPTH} levels`, { cause });
}

/** Parsers make the prototype of an object of it, from which it would lend keys that nobody sees. */
function prototypeKey(place: string): ProjectProblem {
  return new ProjectProblem(`${place}: no key may be called __proto__`);
}

/** A byte order mark as a blank, so that offsets stay: wrangler takes one, jsonc-parser does not. */
export function blankMark(text: string): string {
  return text.replace(/^\uFEFF/, ' ');
}

function openJsoncLines(text: string): ConfigText['lineOf'] {
  const root = parseTree(blankMark(text), [], { allowTrailingComma: true });
  const lineAt = openLines(text);
  return (path) => {
    const node = root && findNodeAtLocation(root, [...path]);
    return node && lineAt(node.offset);
  };
}

function openTomlLines(text: string): ConfigText['lineOf'] {
  const starts = new Map<string, number>();
  /** A table that has no header and no key of its own begins where the first thing in it stands: `[[queues.consumers]]` for `queues`. */
  const inside = new Map<string, number>();
  for (const { path, start } of outlineToml(text)) {
    keepFirst(starts, pathKey(path), start);
    for (let length = 1; length < path.length; length += 1) keepFirst(inside, pathKey(path.slice(0, length)), start);
  }
  const lineAt = openLines(text);
  return (path) => {
    const key = pathKey(path);
    const start = starts.get(key) ?? inside.get(key);
    return start === undefined ? undefined : lineAt(start);
  };
}

function keepFirst(places: Map<string, number>, key: string, start: number): void {
  if (!places.has(key)) places.set(key, start);
}

/** The line, from 1, of an offset. */
function openLines(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
