import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../../src/worker');

/** A module of the Worker that needs the platform's types, which tests do not have, as what a test takes of it. */
export async function workerModule<Exports>(path: string): Promise<Exports> {
  return (await import(/* @vite-ignore */ join(FOLDER, path))) as Exports;
}
