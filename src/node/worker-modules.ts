import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package-root.ts';

export interface WorkerModule {
  readonly type: 'ESModule';
  /** By which other modules import it: `./<name>`. */
  readonly name: string;
  readonly contents: string;
}

/** The built worker (`dist/worker`), its entry first: `index.js` imports the other files by relative paths. */
export function readWorkerModules(folder: string = join(packageRoot(), 'dist', 'worker')): WorkerModule[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.js'));
  names.sort((a, b) => Number(b === 'index.js') - Number(a === 'index.js'));
  return names.map((name) => ({ type: 'ESModule', name, contents: readFileSync(join(folder, name), 'utf8') }));
}
