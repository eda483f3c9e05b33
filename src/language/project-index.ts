import type { JsonObject } from '../program/json.ts';

/** A file as text. `path` is relative to the project root, with forward slashes: it is what messages and spans show. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Why the text, which is empty then, could not be read: "this user may not read it". */
  readonly unreadable?: string;
}

/**
 * What the compiler may ask about the rest of the project; the host brings it (files on disk), a test a literal. Synchronous and free of
 * effects. Paths outside the project root are never found.
 */
export interface ProjectIndex {
  /** `agents/<name>/agent.yaml`, `agents/<name>.yaml` (`.yml` too). */
  agentFile(name: string): SourceFile | undefined;
  /** Every file that may be a version of it: those of `agentFile`, `agents/<name>@*.yaml` and `agents/<name>/*.yaml`, each once. What is in them decides. */
  agentFiles(name: string): readonly SourceFile[];
  agentNames(): readonly string[];
  /** The file under `ensembles/` whose name is `<name>.yaml` at any depth, or a path relative to the file that names it. */
  ensembleFile(reference: string, from: string): SourceFile | undefined;
  /** Every file under `ensembles/` that may be a version of it: `<name>.yaml`, `<name>@*.yaml` and `<name>/*.yaml` at any depth. */
  ensembleFiles(name: string): readonly SourceFile[];
  ensembleNames(): readonly string[];
  /** A JSON or YAML schema file, relative to the file that names it. */
  schemaFile(reference: string, from: string): JsonObject | undefined;
  /**
   * The script as one ES module without imports (TypeScript stripped, relative imports bundled), looked up relative to the file that names it, then to
   * the project root. `problem` says why there is none.
   */
  script(reference: string, from: string): { readonly source: string } | { readonly problem: string };
  /** What the wrangler configuration declares; undefined when the project has none (then every binding is provided). */
  bindings(): DeclaredBindings | undefined;
  /** The names of variables and secrets that something in the project declares; undefined when that cannot be known. */
  variables(): readonly string[] | undefined;
}

/** Storage bindings of a wrangler configuration, by kind, with the configuration's path relative to the project root. */
export interface DeclaredBindings {
  readonly file: string;
  readonly kv: readonly string[];
  readonly d1: readonly string[];
  readonly r2: readonly string[];
}

/** A project of one file: nothing else is found. */
export const EMPTY_PROJECT: ProjectIndex = {
  agentFile: () => undefined,
  agentFiles: () => [],
  agentNames: () => [],
  ensembleFile: () => undefined,
  ensembleFiles: () => [],
  ensembleNames: () => [],
  schemaFile: () => undefined,
  script: (reference) => ({ problem: `there is no project in which "${reference}" could be found` }),
  bindings: () => undefined,
  variables: () => undefined,
};
