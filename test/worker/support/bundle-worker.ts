import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { workerdOutput } from '../../../scripts/build.ts';

/** A test's own Worker, bundled as scripts/build.ts bundles the real one. `path` is relative to test/worker/. */
export async function bundleWorker(path: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../${path}`, import.meta.url))],
    ...workerdOutput,
    write: false,
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`nothing came out of ${path}`);
  return output.text;
}
