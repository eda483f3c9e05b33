import { findNodeAtLocation, type ParseError, parse as parseJsonc, parseTree, printParseErrorCode } from 'jsonc-parser';
import { parse as parseToml, TomlError } from 'smol-toml';
import type { JsonObject } from '../../program/json.ts';
import { ProjectProblem } from '../project-problem.ts';

export interface ConfigText {
  readonly value: JsonObject;
  /** The line (from 1) on which a key stands, as far as it can be told: in TOML the header of its table. */
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
  const value: unknown = parseJsonc(text, errors, { allowTrailingComma: true });
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

function jsoncLine(text: string, path: readonly (string | number)[]): number | undefined {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const node = root && findNodeAtLocation(root, [...path]);
  return node && text.slice(0, node.offset).split('\n').length;
}

/** smol-toml keeps no positions; the header `[[key]]` of the n-th entry, or `key =`, is near enough to find the place. */
function tomlLine(text: string, path: readonly (string | number)[]): number | undefined {
  const [key, index] = path;
  const lines = text.split(/\r?\n/);
  const isHeader = (line: string) => line.replace(/\s/g, '').startsWith(`[[${key}]]`);
  if (typeof index === 'number') {
    const headers = lines.flatMap((line, number) => (isHeader(line) ? [number + 1] : []));
    if (headers[index] !== undefined) return headers[index];
  }
  const found = lines.findIndex((line) => line.replace(/\s/g, '').startsWith(`${key}=`) || line.trim() === `[${key}]`);
  return found === -1 ? undefined : found + 1;
}
