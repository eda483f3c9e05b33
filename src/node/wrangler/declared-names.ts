import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parseEnv } from 'node:util';
import type { DeclaredBindings } from '../../language/project-index.ts';
import type { JsonObject, JsonValue } from '../../program/json.ts';
import { findWranglerFile } from '../find-project.ts';
import { ProjectProblem } from '../project-problem.ts';
import { readRootFile } from '../read-root-file.ts';
import { UnreadableText } from '../read-text.ts';
import { parseConfigText } from './parse-config-text.ts';

/** What the files in a project's root say there is. Undefined: it cannot be known, for a configuration is broken or there is none. */
export interface DeclaredNames {
  readonly bindings: DeclaredBindings | undefined;
  /** Variables and secrets, by name. */
  readonly variables: readonly string[] | undefined;
}

/** `.dev.vars`, `.env`, and their siblings for one environment or as an example (`.dev.vars.staging`, `.env.example`). */
const VARIABLE_FILE = /^\.(?:dev\.vars|env)(?:\.[\w.-]+)?$/;

/**
 * Reads names, and nothing but names, from the wrangler configuration (its `env.*` environments included: what one of them declares is there when it is
 * deployed) and from the files of variables; `elsewhere` are names of variables that something else declares. A file that cannot be read is no
 * fault here: the commands that need it say so.
 */
export function readDeclaredNames(root: string, elsewhere: readonly string[] = []): DeclaredNames {
  const file = findWranglerFile(root);
  const config = file === undefined ? undefined : readConfig(file, root);
  // Of a broken configuration nobody knows what it was meant to declare.
  if (file !== undefined && config === undefined) return { bindings: undefined, variables: undefined };
  const local = readVariableFiles(root);
  const isKnown = config !== undefined || local !== undefined || elsewhere.length > 0;
  const variables = unique([...(config?.variables ?? []), ...(local ?? []), ...elsewhere]);
  return { bindings: config?.bindings, variables: isKnown ? variables : undefined };
}

interface ConfiguredNames {
  readonly bindings: DeclaredBindings;
  readonly variables: readonly string[];
}

function readConfig(file: string, root: string): ConfiguredNames | undefined {
  const shown = relative(root, file).split(sep).join('/');
  try {
    const { value } = parseConfigText(readRootFile(file), shown, file.endsWith('.toml'));
    const environments = [
      value,
      ...Object.values(asObject(value.env) ?? {})
        .map(asObject)
        .filter((environment) => environment !== undefined),
    ];
    const names = (key: string) => unique(environments.flatMap((environment) => bindingNames(environment[key])));
    return {
      bindings: { file: shown, kv: names('kv_namespaces'), d1: names('d1_databases'), r2: names('r2_buckets') },
      variables: environments.flatMap(variableNames),
    };
  } catch (error) {
    if (error instanceof ProjectProblem || error instanceof UnreadableText) return undefined;
    throw error;
  }
}

function variableNames({ vars, secrets, secrets_store_secrets: stored }: JsonObject): readonly string[] {
  const required = asObject(secrets)?.required;
  return [...Object.keys(asObject(vars) ?? {}), ...asList(required).filter((name) => typeof name === 'string'), ...bindingNames(stored)];
}

function bindingNames(entries: JsonValue | undefined): readonly string[] {
  return asList(entries).flatMap((entry) => {
    const name = asObject(entry)?.binding;
    return typeof name === 'string' ? [name] : [];
  });
}

/** Undefined when there is no such file. */
function readVariableFiles(root: string): readonly string[] | undefined {
  const files = listFiles(root).filter((name) => VARIABLE_FILE.test(name));
  const names = files.map((name) => readVariableFile(join(root, name))).filter((found) => found !== undefined);
  return names.length === 0 ? undefined : names.flat();
}

function readVariableFile(file: string): readonly string[] | undefined {
  try {
    return Object.keys(parseEnv(readRootFile(file)));
  } catch {
    return undefined;
  }
}

function listFiles(folder: string): readonly string[] {
  try {
    // A pipe that is called `.env` would be waited for.
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map(({ name }) => name)
      .sort();
  } catch {
    return [];
  }
}

function asObject(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

function asList(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
