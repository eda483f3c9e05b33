import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';

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
  readonly require: (id: string) => unknown;
  /** Where code is kept; absent = it is not. */
  readonly cacheFolder?: string | undefined;
  /** What this process is about, as a part of a file's name: the next one that is about the same will run the same functions. */
  readonly purpose: string;
}

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
    return id.startsWith('.') ? this.load(id.slice(id.lastIndexOf('/') + 1)) : this.#options.require(id);
  }

  #open(name: string): Chunks {
    const known = this.#opened.get(name);
    if (known !== undefined) return known;
    const { folder, cacheFolder, purpose, require } = this.#options;
    const filename = join(folder, `${name}.js`);
    const cache = cacheFolder === undefined ? undefined : join(cacheFolder, `ensemble-${purpose}-${name}`);
    const cachedData = cache === undefined ? undefined : readOwn(cache);
    // The build writes ASCII.
    const script = new Script(readFileSync(filename, 'latin1'), { filename, ...(cachedData === undefined ? {} : { cachedData }) });
    if (cache !== undefined && (cachedData === undefined || script.cachedDataRejected === true)) this.#unkept.set(cache, script);
    const chunks = (script.runInThisContext() as ChunkFile)(require, filename, folder);
    this.#opened.set(name, chunks);
    return chunks;
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
