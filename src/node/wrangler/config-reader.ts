import { relative, sep } from 'node:path';
import type { JsonObject, JsonValue } from '../../program/json.ts';
import { ProjectProblem } from '../project-problem.ts';
import { readRootFile } from '../read-root-file.ts';
import { UnreadableText } from '../read-text.ts';
import { parseConfigText } from './parse-config-text.ts';
import type { ConfigPath } from './toml-outline.ts';

/** A table of a configuration and where it stands. */
export interface ConfigTable {
  readonly path: ConfigPath;
  /** From 1; undefined when it cannot be told. */
  readonly line: number | undefined;
  /** All of it. */
  readonly asJson: JsonObject;
  text(key: string): string | undefined;
  number(key: string): number | undefined;
  flag(key: string): boolean | undefined;
  texts(key: string): readonly string[] | undefined;
  json(key: string): JsonValue | undefined;
  /** The table under a key. */
  table(key: string): ConfigTable | undefined;
  /** The tables of a list under a key; none when it is absent. */
  tables(key: string): readonly ConfigTable[];
}

/** A wrangler configuration as text and as data. */
export interface OpenConfig {
  /** Absolute. */
  readonly file: string;
  /** Relative to the working directory: for messages. */
  readonly shown: string;
  readonly text: string;
  readonly value: JsonObject;
  readonly root: ConfigTable;
  lineOf(path: ConfigPath): number | undefined;
}

/**
 * Reads a wrangler configuration; what is asked of it later and is of another type is refused then.
 * @throws ProjectProblem with file, line and key.
 */
export function openConfig(file: string): OpenConfig {
  try {
    return openConfigText(file, readRootFile(file));
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
    throw new ProjectProblem(`${shownName(file)} cannot be read: ${error.message}`, { cause: error });
  }
}

const shownName = (file: string): string => (relative(process.cwd(), file) || file).split(sep).join('/');

/** The same for a text that stands in the file, or is to. */
export function openConfigText(file: string, text: string): OpenConfig {
  const shown = shownName(file);
  const { value, lineOf } = parseConfigText(text, shown, file.endsWith('.toml'));
  const refuse = (path: ConfigPath, expected: string, found: JsonValue): never => {
    const line = lineOf(path);
    throw new ProjectProblem(
      `${shown}${line === undefined ? '' : `:${line}`}: ${pathText(path)} must be ${expected}, found ${kindOf(found)}`,
    );
  };
  const asTable = (entry: JsonObject, path: ConfigPath): ConfigTable => {
    /** An own key's value; `undefined` and null alike are none. */
    const at = (key: string): JsonValue | undefined => (Object.hasOwn(entry, key) ? (entry[key] ?? undefined) : undefined);
    function read<T extends JsonValue>(key: string, is: (found: JsonValue) => found is T, expected: string): T | undefined {
      const found = at(key);
      return found === undefined || is(found) ? found : refuse([...path, key], expected, found);
    }
    return {
      path,
      line: lineOf(path),
      asJson: entry,
      text: (key) => read(key, isText, 'text'),
      number: (key) => read(key, isNumber, 'a number'),
      flag: (key) => read(key, isFlag, 'true or false'),
      texts: (key) => read(key, isTexts, 'a list of texts'),
      json: at,
      table(key) {
        const found = read(key, isObject, 'a table');
        return found && asTable(found, [...path, key]);
      },
      tables(key) {
        const found = read(key, isList, 'a list') ?? [];
        return found.map((item, index) => {
          const place = [...path, key, index];
          return isObject(item) ? asTable(item, place) : refuse(place, 'a table', item);
        });
      },
    };
  };
  return { file, shown, text, value, root: asTable(value, []), lineOf };
}

/** `queues.consumers[0].queue` */
export function pathText(path: ConfigPath): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`)).join('');
}

const isText = (value: JsonValue): value is string => typeof value === 'string';
const isNumber = (value: JsonValue): value is number => typeof value === 'number';
const isFlag = (value: JsonValue): value is boolean => typeof value === 'boolean';
const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);
const isTexts = (value: JsonValue): value is readonly string[] => isList(value) && value.every(isText);
const isObject = (value: JsonValue): value is JsonObject => typeof value === 'object' && value !== null && !isList(value);

function kindOf(value: JsonValue): string {
  if (isList(value)) return 'a list';
  return typeof value === 'object' ? 'a table' : `${typeof value} ${JSON.stringify(value)}`;
}
