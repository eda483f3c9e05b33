import { parentPort } from 'node:worker_threads';
import type { BuildOptions, Metafile, Plugin } from 'esbuild';
import { findSpecialFile, findSpecialPackageFile } from './find-special-file.ts';
import type { BundleAsk, Bundled, BundleMessage } from './run-esbuild.ts';

/** The main module of the thread that bundles scripts: plugins, which see each file before it is opened, need an esbuild that is awaited. */
parentPort?.on('message', async ({ ask, port, ended }: BundleAsk) => {
  const reply = await bundle(ask);
  port.postMessage(reply);
  Atomics.store(ended, 0, 1);
  Atomics.notify(ended, 0);
  port.close();
});

async function bundle(options: BuildOptions): Promise<Bundled> {
  try {
    const esbuild = await import('esbuild');
    const { metafile, outputFiles } = await esbuild.build({ ...options, plugins: [regularFiles] });
    return {
      metafile: metafile as Metafile,
      outputFiles: (outputFiles ?? []).map(({ path, text }) => ({ path, text })),
    };
  } catch (error) {
    if (isBuildFailure(error)) return { errors: error.errors.map(({ text, location }) => ({ text, location })) };
    return { defect: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** esbuild opens what it finds: at a pipe it would wait for ever, and a device fills the memory. */
const regularFiles: Plugin = {
  name: 'regular-files',
  setup(build) {
    const refuse = (special: string | undefined) =>
      special === undefined ? undefined : { errors: [{ text: `"${special}" is no regular file` }] };
    build.onResolve({ filter: /.*/ }, ({ path, resolveDir }) => refuse(findSpecialPackageFile(path, resolveDir)));
    build.onLoad({ filter: /.*/, namespace: 'file' }, ({ path }) => refuse(findSpecialFile(path)));
  },
};

function isBuildFailure(error: unknown): error is { readonly errors: readonly BundleMessage[] } {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}
