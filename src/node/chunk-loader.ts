import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { constants, Script, type ScriptOptions } from 'node:vm';

/** A module of the build: gives its exports to `module`, as one of CommonJS does. */
type Chunk = (module: { exports: unknown }, require: (id: string) => unknown) => void;
type Chunks = Readonly<Record<string, Chunk>>;
/** What a file of chunks is: an expression of this type. */
type ChunkFile = (require: (id: string) => unknown, filename: string, dirname: string) => Chunks;

export interface ChunkLoaderOptions {
  /** Of the files. */
  readonly folder: string;
  /** By the name of a chunk: the name of its file, which no file of another text has. */
  readonly files: Readonly<Record<string, string>>;
  /** Loads what is no chunk. */
  readonly require: NodeJS.Require;
  /** Packages that are one large file of CommonJS: their code is kept as that of chunks is. */
  readonly packages?: ReadonlySet<string>;
  /** Where code is kept; absent = it is not. */
  readonly cacheFolder?: string | undefined;
  /** What this process is about, as a part of a file's name: the next one that is about the same will run the same functions. */
  readonly purpose: string;
}

/** What a module of CommonJS is wrapped in. */
type ModuleFile = (
  this: unknown,
  exports: unknown,
  require: NodeJS.Require,
  module: { exports: unknown },
  filename: string,
  dirname: string,
) => void;

/** Of a process that has run for longer V8 has thrown away the code that ran at its start. */
const MAX_AGE_S = 5;

/**
 * Loads the chunks of the build (scripts/pack-chunks.ts), and keeps the code that V8 makes of them. Node keeps code, too (`module.enableCompileCache`), but of each module only what is compiled when it
 * has just been read: that is without the functions in it, and compiling those took longer than all else that a short command does.
 */
export class ChunkLoader {
  readonly #options: ChunkLoaderOptions;
  readonly #loaded = new Map<string, { exports: unknown }>();
  readonly #opened = new Map<string, Chunks>();
  /** By the path of what would be kept. */
  readonly #unkept = new Map<string, Script>();

  constructor(options: ChunkLoaderOptions) {
    this.#options = options;
  }

  /** The exports of a chunk. */
  load(chunk: string): unknown {
    let module = this.#loaded.get(chunk);
    if (module === undefined) {
      module = { exports: {} };
      // Chunks may need each other in a circle.
      this.#loaded.set(chunk, module);
      this.#open(this.#options.files[chunk] ?? '')[chunk]?.(module, (id) => this.#require(id));
    }
    return module.exports;
  }

  /** Keeps what was not kept yet. To be called when the process has done what it is there for: functions are compiled when they first run. */
  keep(): void {
    if (process.uptime() > MAX_AGE_S) return;
    for (const [path, script] of this.#unkept) writeOwn(path, script.createCachedData());
    this.#unkept.clear();
  }

  #require(id: string): unknown {
    if (id.startsWith('.')) return this.load(id.slice(id.lastIndexOf('/') + 1));
    const { cacheFolder, packages, require } = this.#options;
    return cacheFolder !== undefined && packages?.has(id) === true ? this.#loadPackage(id) : require(id);
  }

  #loadPackage(id: string): unknown {
    let loaded = this.#loaded.get(id);
    if (loaded === undefined) {
      const filename = this.#options.require.resolve(id);
      const bytes = readFileSync(filename);
      const name = `${id}-${process.getBuiltinModule('node:zlib').crc32(bytes).toString(16)}`;
      // What it imports on demand, Node imports; it says once then that this way of asking for it is experimental.
      const options = { filename, importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER };
      const run = this.#compile(name, module.wrap(bytes.toString()), options) as ModuleFile;
      loaded = { exports: {} };
      run.call(loaded.exports, loaded.exports, module.createRequire(filename), loaded, filename, dirname(filename));
      this.#loaded.set(id, loaded);
    }
    return loaded.exports;
  }

  #open(name: string): Chunks {
    const known = this.#opened.get(name);
    if (known !== undefined) return known;
    const { folder, purpose, require } = this.#options;
    const filename = join(folder, `${name}.js`);
    // The build writes ASCII.
    const file = this.#compile(`${purpose}-${name}`, readFileSync(filename, 'latin1'), { filename }) as ChunkFile;
    const chunks = file(require, filename, folder);
    this.#opened.set(name, chunks);
    return chunks;
  }

  /** What the text of a file gives, with the code that was kept under a name that no other text has. */
  #compile(name: string, text: string, options: ScriptOptions): unknown {
    const { cacheFolder } = this.#options;
    const cache = cacheFolder === undefined ? undefined : join(cacheFolder, `ensemble-${name}`);
    const cachedData = cache === undefined ? undefined : readOwn(cache);
    const script = new Script(text, { ...options, ...(cachedData === undefined ? {} : { cachedData }) });
    if (cache !== undefined && (cachedData === undefined || script.cachedDataRejected === true)) this.#unkept.set(cache, script);
    return script.runInThisContext();
  }
}

/** Undefined for what is not there, and for what another user could have written: code is run as it is. */
function readOwn(path: string): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const { uid, mode } = fstatSync(file);
    const isOwn = process.platform === 'win32' || (uid === process.getuid?.() && (mode & 0o022) === 0);
    return isOwn ? readFileSync(file) : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Best effort: without it the next process starts as slowly as this one did. */
function writeOwn(path: string, bytes: Uint8Array): void {
  // Threads of this process write, too, and processes of other containers have the same numbers.
  const draft = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}`;
  try {
    const file = openSync(draft, 'wx', 0o600);
    try {
      writeFileSync(file, bytes);
      // V8 looks at the length only: it crashes on code of which a power cut has left zeros.
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch {
    try {
      rmSync(draft, { force: true });
    } catch {
      // Its folder is none.
    }
  }
}
