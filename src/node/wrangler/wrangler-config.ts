import { dirname, relative, resolve } from 'node:path';
import { WORKER_BINDINGS } from '../../program/host-protocol.ts';
import type { JsonObject, JsonValue } from '../../program/json.ts';
import { ProjectProblem } from '../project-problem.ts';
import { readRootFile } from '../read-root-file.ts';
import { UnreadableText } from '../read-text.ts';
import { parseConfigText } from './parse-config-text.ts';

/** A storage binding: the name in the Worker's environment and the id under which the local data lies. */
export interface ConfiguredBinding {
  readonly binding: string;
  /** As wrangler derives it for local data: KV `id`, D1 `preview_database_id` or `database_id`, R2 `bucket_name`; without one the name. */
  readonly id: string;
}

export interface ConfiguredDatabase extends ConfiguredBinding {
  /** Absolute path of the folder with the `.sql` files; absent when the configuration names none. */
  readonly migrationsDir?: string;
  readonly migrationsTable: string;
}

/** The part of a wrangler configuration that a local run uses, bindings in the order of the file. Named environments are not read. */
export interface WranglerConfig {
  /** The Worker's name: part of where wrangler keeps the data of Durable Objects. */
  readonly name?: string;
  readonly kv: readonly ConfiguredBinding[];
  readonly d1: readonly ConfiguredDatabase[];
  readonly r2: readonly ConfiguredBinding[];
  readonly vars: JsonObject;
}

/** Names in the Worker's environment that are ours, and the one that no object can have. */
export const OWN_NAMES: ReadonlySet<string> = new Set([...Object.values(WORKER_BINDINGS), '__proto__']);

/** The platform takes less; but what it means to a local run is the name of a folder. */
const FOLDER_NAME = /^[^/\\\p{Cc}]{1,200}$/u;

export const EMPTY_WRANGLER_CONFIG: WranglerConfig = { kv: [], d1: [], r2: [], vars: {} };

/**
 * Reads `wrangler.toml`, `wrangler.jsonc` or `wrangler.json`.
 * @throws ProjectProblem naming file, line and key when it cannot be read.
 */
export function readWranglerConfig(file: string): WranglerConfig {
  const shown = relative(process.cwd(), file) || file;
  let text: string;
  try {
    text = readRootFile(file);
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
    throw new ProjectProblem(`${shown} cannot be read: ${error.message}`, { cause: error });
  }
  const { value, lineOf } = parseConfigText(text, shown, file.endsWith('.toml'));
  const refuse = (path: readonly (string | number)[], expected: string): never => {
    const line = lineOf(path);
    throw new ProjectProblem(`${shown}${line === undefined ? '' : `:${line}`}: ${pathText(path)} ${expected}`);
  };

  const list = (key: string): readonly { readonly entry: JsonObject; readonly path: readonly (string | number)[] }[] => {
    const entries = value[key];
    if (entries === undefined) return [];
    if (!Array.isArray(entries)) return refuse([key], `must be a list, found ${kindOf(entries)}`);
    return entries.map((entry: JsonValue, index) => {
      const path = [key, index];
      return isObject(entry) ? { entry, path } : refuse(path, `must be a table, found ${kindOf(entry)}`);
    });
  };
  const textOf = (entry: JsonObject, key: string, path: readonly (string | number)[]): string | undefined => {
    const found = entry[key];
    if (found === undefined || typeof found === 'string') return found;
    return refuse([...path, key], `must be text, found ${kindOf(found)}`);
  };
  const bindingName = (entry: JsonObject, path: readonly (string | number)[]): string => {
    const name = textOf(entry, 'binding', path);
    if (name === undefined || name === '') return refuse(path, 'has no `binding`: the name that the Worker knows it by');
    return name;
  };

  const kv = list('kv_namespaces').map(({ entry, path }) => {
    const binding = bindingName(entry, path);
    return { binding, id: textOf(entry, 'id', path) ?? binding };
  });
  const r2 = list('r2_buckets').map(({ entry, path }) => {
    const binding = bindingName(entry, path);
    return { binding, id: textOf(entry, 'bucket_name', path) ?? binding };
  });
  const d1 = list('d1_databases').map(({ entry, path }) => {
    const binding = bindingName(entry, path);
    const migrationsDir = textOf(entry, 'migrations_dir', path);
    return {
      binding,
      id: textOf(entry, 'preview_database_id', path) ?? textOf(entry, 'database_id', path) ?? binding,
      ...(migrationsDir === undefined ? {} : { migrationsDir: resolve(dirname(file), migrationsDir) }),
      migrationsTable: textOf(entry, 'migrations_table', path) ?? 'd1_migrations',
    };
  });

  const seen = new Map<string, string>();
  for (const [key, bindings] of Object.entries({ kv_namespaces: kv, d1_databases: d1, r2_buckets: r2 })) {
    bindings.forEach(({ binding }, index) => {
      const other = seen.get(binding) ?? (OWN_NAMES.has(binding) ? 'the host itself' : undefined);
      if (other !== undefined) refuse([key, index], `uses the name "${binding}", which ${other} has already`);
      seen.set(binding, pathText([key, index]));
    });
  }

  const name = textOf(value, 'name', []);
  if (name !== undefined && !FOLDER_NAME.test(name))
    refuse(['name'], 'must be a name without slashes: folders of local data are called by it');
  const vars = value.vars ?? {};
  if (!isObject(vars)) return refuse(['vars'], `must be a table of variables, found ${kindOf(vars)}`);
  for (const variable of Object.keys(vars)) {
    const other = seen.get(variable) ?? (OWN_NAMES.has(variable) ? 'the host itself' : undefined);
    if (other !== undefined) refuse(['vars', variable], `uses the name "${variable}", which ${other} has already`);
  }
  return { ...(name === undefined ? {} : { name }), kv, d1, r2, vars };
}

function pathText(path: readonly (string | number)[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`)).join('');
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a table' : `${typeof value} ${JSON.stringify(value)}`;
}
