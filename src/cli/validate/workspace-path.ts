import { isAbsolute, relative, sep } from 'node:path';
import type { Io } from '../io.ts';

/**
 * The working folder as it is reached from the root of the checkout, which CI names in GITHUB_WORKSPACE: `services/orders`, with forward slashes.
 * Empty where that is the working folder itself, or not known. Annotations and SARIF name files from there.
 */
export function workspacePath({ env, cwd }: Pick<Io, 'env' | 'cwd'>): string {
  const { GITHUB_WORKSPACE: root } = env;
  if (root === undefined || !isAbsolute(root)) return '';
  const path = relative(root, cwd);
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path) ? '' : path.split(sep).join('/');
}
