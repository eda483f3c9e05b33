import module from 'node:module';
import { join } from 'node:path';
import { ChunkLoader } from './chunk-loader.ts';
import { isOwnFolder } from './is-own-folder.ts';

/** Commands whose start is to be as short as it can be: each keeps code of its own. All others share theirs, and compile what the first of them did not. */
const OWN_PURPOSE: ReadonlySet<string> = new Set(['run', 'validate']);

/** Node's own way takes twice as long for what is in here: of its 4 MB it keeps no function that ran. */
const PACKAGES: ReadonlySet<string> = new Set(['miniflare']);

/** A host lives for minutes. By then it has started its first run. */
const HOST_KEEPS_AFTER_MS = 3_000;

/**
 * Starts an entry of the build, the file at whose end this stands (scripts/pack-chunks.ts): gives the exports of its first chunk.
 * Code is kept where Node keeps its own: NODE_COMPILE_CACHE says where, NODE_DISABLE_COMPILE_CACHE=1 that it is not.
 */
export function startChunk(
  entry: string,
  chunk: string,
  files: Readonly<Record<string, string>>,
  { dirname, require }: { readonly dirname: string; readonly require: NodeJS.Require },
): unknown {
  keepCode();
  const [, , command = ''] = process.argv;
  const loader = new ChunkLoader({
    folder: join(dirname, 'chunks'),
    files,
    require,
    packages: PACKAGES,
    cacheFolder: module.getCompileCacheDir?.(),
    purpose: entry === 'cli' && OWN_PURPOSE.has(command) ? command : entry,
  });
  process.once('exit', () => loader.keep());
  if (entry === 'host') setTimeout(() => loader.keep(), HOST_KEEPS_AFTER_MS).unref();
  return loader.load(chunk);
}

/**
 * Has Node keep code, too: miniflare is none of our chunks. Its usual folder is everybody's to make, and Node runs what it finds there: whoever made it first would have code of theirs run. One that
 * NODE_COMPILE_CACHE names Node itself has begun to use.
 */
function keepCode(): void {
  const { TMPDIR, TMP, TEMP } = process.env;
  const folder = join(TMPDIR || TMP || TEMP || '/tmp', 'node-compile-cache');
  if (process.env.NODE_COMPILE_CACHE || process.platform === 'win32') module.enableCompileCache?.();
  else if (process.env.NODE_DISABLE_COMPILE_CACHE === undefined && isOwnFolder(folder)) module.enableCompileCache?.(folder);
}
