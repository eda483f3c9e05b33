import { gzipSync } from 'node:zlib';
import { ProjectProblem } from '../project-problem.ts';

/** What Cloudflare lets a Worker have, on every plan (https://developers.cloudflare.com/workers/platform/limits/#worker-size, 2026): all modules together, not compressed. */
export const MAX_WORKER_BYTES = 64 * 1024 * 1024;
/** From there on a build says how near it is. */
const NEAR = 0.8;

export interface BuildSize {
  /** What is uploaded: modules, not their source maps. */
  readonly modules: number;
  readonly bytes: number;
  /** As wrangler counts it: all of them as one text, compressed. */
  readonly gzip_bytes: number;
  readonly max_bytes: number;
  readonly is_near_limit: boolean;
}

/**
 * How large the Worker is.
 * @throws ProjectProblem when it is larger than the platform takes, naming what takes the most.
 */
export function measureBuild(files: ReadonlyMap<string, string>): BuildSize {
  const modules = Array.from(files).filter(([path]) => path.endsWith('.js'));
  const sizes = modules.map(([path, text]) => ({ path, bytes: Buffer.byteLength(text) }));
  const bytes = sizes.reduce((sum, size) => sum + size.bytes, 0);
  if (bytes > MAX_WORKER_BYTES) {
    const largest = sizes.toSorted((a, b) => b.bytes - a.bytes).slice(0, 3);
    throw new ProjectProblem(
      `the Worker is ${mebibytes(bytes)} MiB large, and Cloudflare takes ${mebibytes(MAX_WORKER_BYTES)} MiB; the largest modules are ${largest
        .map((size) => `${size.path} (${mebibytes(size.bytes)} MiB)`)
        .join(', ')}`,
    );
  }
  const gzip_bytes = gzipSync(modules.map(([, text]) => text).join('')).length;
  return { modules: modules.length, bytes, gzip_bytes, max_bytes: MAX_WORKER_BYTES, is_near_limit: bytes > NEAR * MAX_WORKER_BYTES };
}

const mebibytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
