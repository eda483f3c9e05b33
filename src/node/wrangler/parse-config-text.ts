import { findNodeAtLocation, type ParseError, parse as parseJsonc, parseTree, printParseErrorCode } from 'jsonc-parser';
import { parse as parseToml, TomlError } from 'smol-toml';
import type { JsonObject } from '../../program/json.ts';
import { ProjectProblem } from '../project-problem.ts';
import { type ConfigPath, outlineToml, pathKey } from './toml-outline.ts';

export interface ConfigText {
  readonly value: JsonObject;
  /** The line (from 1) on which a key, a table or an entry of a list begins. Undefined when it is not there. */
  lineOf(path: readonly (string | number)[]): number | undefined;
}

/**
 * The text of a wrangler configuration as data.
 * @throws ProjectProblem with file, line and column when it is not well-formed.
 */
export function parseConfigText(text: string, shownFile: string, isToml: boolean): ConfigText {
  const value = isToml ? readToml(text, shownFile) : readJsonc(text, shownFile);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ProjectProblem(`${shownFile}:1: expected an object with the Worker's configuration`);
  }
  return { value: value as JsonObject, lineOf: (path) => (isToml ? tomlLine(text, path) : jsoncLine(text, path)) };
}

function readToml(text: string, shownFile: string): unknown {
  try {
    // Dates become text in JSON, which is how a Worker sees such a variable.
    return JSON.parse(JSON.stringify(parseToml(text)));
  } catch (error) {
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
  const errors: ParseError[] = [];
  const value: unknown = parseJsonc(blankMark(text), errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first === undefined) return value;
  const before = text.slice(0, first.offset);
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  const words = printParseErrorCode(first.error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  throw new ProjectProblem(`${shownFile}:${line}:${column}: ${words}`);
}

/** A byte order mark as a blank, so that offsets stay: wrangler takes one, jsonc-parser does not. */
export function blankMark(text: string): string {
  return text.replace(/^\uFEFF/, ' ');
}

function jsoncLine(text: string, path: readonly (string | number)[]): number | undefined {
  const root = parseTree(blankMark(text), [], { allowTrailingComma: true });
  const node = root && findNodeAtLocation(root, [...path]);
  return node && text.slice(0, node.offset).split('\n').length;
}

function tomlLine(text: string, path: ConfigPath): number | undefined {
  const key = pathKey(path);
  const found = outlineToml(text).find((item) => pathKey(item.path) === key) ?? firstInside(text, key);
  return found && text.slice(0, found.start).split('\n').length;
}

/** A table that has no header and no key of its own begins where the first thing in it stands: `[[queues.consumers]]` for `queues`. */
function firstInside(text: string, key: string) {
  return outlineToml(text).find((item) => pathKey(item.path).startsWith(`${key.slice(0, -1)},`));
}
