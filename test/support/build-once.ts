import { build } from '../../scripts/build.ts';

/** Builds `dist/` before any test runs, so that tests of the CLI and the worker always see the present sources. */
export async function setup(): Promise<void> {
  await build();
}
