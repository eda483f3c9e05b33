import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { parseDocument } from '../../language/document/parse-document.ts';
import { toJson } from '../../language/document/to-json.ts';
import type { ProjectIndex, SourceFile } from '../../language/project-index.ts';
import { agentNameOf, mayBeVersion, nameWithoutVersion } from '../../language/versions/file-names.ts';
import type { JsonObject, JsonValue } from '../../program/json.ts';
import { type DeclaredNames, readDeclaredNames } from '../wrangler/declared-names.ts';
import { bundleScript } from './bundle-script.ts';
import { findInside } from './find-inside.ts';
import { readInside } from './read-inside.ts';
import { readSource } from './read-source.ts';

const YAML_FILE = /\.ya?ml$/;

export interface ProjectOptions {
  /**
   * What `script()` gives: `bundle` (default) the module that can run, `read` the author's text as it is, which suffices to check it and loads no
   * esbuild. A program must not be built of the latter.
   */
  readonly scripts?: 'bundle' | 'read';
  /** Names of variables that are declared outside the project's files: the `env` list of its settings. */
  readonly variables?: readonly string[];
  /** Gets the source map of each script that is bundled, by the text of its module. */
  readonly scriptMaps?: Map<string, string>;
}

/** The project on disk, as the compiler asks about it (LANGUAGE §6.5, §9). Nothing is read before it is asked for, and nothing outside the root. */
export function openProjectIndex(root: string, { scripts = 'bundle', variables = [], scriptMaps }: ProjectOptions = {}): ProjectIndex {
  let declared: DeclaredNames | undefined;
  const declaredNames = (): DeclaredNames => {
    declared ??= readDeclaredNames(root, variables);
    return declared;
  };
  /** A reference as the author wrote it: relative to the file that holds it, then to the project root. */
  const candidates = (reference: string, from: string) => [join(dirname(from), reference), reference];
  const readFirst = (paths: readonly string[]): SourceFile | undefined => {
    for (const path of paths) {
      const file = readInside(root, path);
      if (file !== undefined) return file;
    }
    return undefined;
  };

  const readAll = (paths: readonly string[]): readonly SourceFile[] => paths.flatMap((path) => readInside(root, path) ?? []);

  return {
    agentFile: (name) => readFirst([`agents/${name}/agent.yaml`, `agents/${name}/agent.yml`, `agents/${name}.yaml`, `agents/${name}.yml`]),
    agentFiles: (name) => readAll(listAgentFiles(root).filter((path) => mayBeVersion(path, name))),
    agentNames: () => listAgentNames(root),
    ensembleFile(reference, from) {
      if (YAML_FILE.test(reference) || reference.includes('/')) return readFirst(candidates(reference, from));
      const path = listEnsembleFiles(root).find((file) => nameOf(file) === reference);
      return path === undefined ? undefined : readInside(root, path);
    },
    ensembleFiles: (name) => readAll(listEnsembleFiles(root).filter((path) => mayBeVersion(path, name))),
    ensembleNames: () => [...new Set(listEnsembleFiles(root).map((path) => nameWithoutVersion(nameOf(path))))],
    schemaFile(reference, from) {
      const file = readFirst(candidates(reference, from));
      return file && parseSchema(file);
    },
    script(reference, from) {
      const paths = candidates(reference, from);
      for (const path of paths) {
        const absolute = findInside(root, path);
        if (absolute === undefined) continue;
        const { text, unreadable } = readSource(absolute, path, root);
        if (unreadable !== undefined) return { problem: unreadable };
        if (scripts === 'read') return { source: text };
        const bundle = bundleScript(absolute, root, { map: scriptMaps !== undefined });
        if ('map' in bundle && bundle.map !== undefined) scriptMaps?.set(bundle.source, bundle.map);
        return bundle;
      }
      const outside = paths.find((path) => existsSync(join(root, path)));
      if (outside !== undefined) return { problem: `${outside} lies outside the project; copy it into the project's folder` };
      return { problem: `there is no file ${[...new Set(paths)].join(' or ')} in the project` };
    },
    bindings: () => declaredNames().bindings,
    variables: () => declaredNames().variables,
  };
}

/** A file that is neither JSON nor YAML, or holds no mapping, is no schema. */
function parseSchema(file: SourceFile): JsonObject | undefined {
  const value = file.path.endsWith('.json') ? parseJson(file.text) : parseYaml(file);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function parseYaml(file: SourceFile): JsonValue | undefined {
  const { root, diagnostics } = parseDocument(file);
  return root === undefined || diagnostics.some(({ severity }) => severity === 'error') ? undefined : toJson(root);
}

function listAgentNames(root: string): string[] {
  return [...new Set(listAgentFiles(root).flatMap((path) => agentNameOf(path) ?? []))].sort();
}

/** The YAML files in `agents/` and in the folders there, relative to the root. */
export function listAgentFiles(root: string): string[] {
  return listFolder(join(root, 'agents')).flatMap((entry) => {
    const entries = entry.isDirectory()
      ? listFolder(join(root, 'agents', entry.name)).map(({ name }) => `${entry.name}/${name}`)
      : [entry.name];
    return entries.filter((name) => YAML_FILE.test(name)).map((name) => `agents/${name}`);
  });
}

/** Relative to the root; of two files with one name the one nearer to the top comes first. */
export function listEnsembleFiles(root: string): string[] {
  const found: string[] = [];
  const visit = (folder: string) => {
    for (const entry of listFolder(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && !entry.name.startsWith('.')) visit(path);
      } else if (YAML_FILE.test(entry.name)) found.push(relative(root, path).split(sep).join('/'));
    }
  };
  visit(join(root, 'ensembles'));
  const depth = (path: string) => path.split('/').length;
  return found.sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
}

function listFolder(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(YAML_FILE, '');
}
