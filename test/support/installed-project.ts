import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** For processes in such a project: wrangler finds the Node that it needs, and asks nothing. */
export const INSTALLED_ENV = {
  PATH: `${join(repository, 'node_modules/.bin')}:${process.env.PATH}`,
  CI: '1',
  WRANGLER_SEND_METRICS: 'false',
} as const;

/** Gives a project what `npm install` of ensemble-run and wrangler would. */
export function linkPackages(root: string): void {
  const modules = join(root, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  symlinkSync(join(repository, 'node_modules/wrangler'), join(modules, 'wrangler'));
  symlinkSync(join(repository, 'node_modules/wrangler/bin/wrangler.js'), join(modules, '.bin/wrangler'));
  symlinkSync(join(repository, 'bin/ensemble.js'), join(modules, '.bin/ensemble'));
}
