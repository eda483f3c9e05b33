import { basename } from 'node:path';

/** What the platform takes for a Worker's name: https://developers.cloudflare.com/workers/wrangler/configuration/#inheritable-keys */
export const WORKER_NAME = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** A name for the Worker of a folder: `My Shop` → `my-shop`. */
export function workerNameFor(folder: string): string {
  const name = basename(folder)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 54)
    .replace(/-+$/, '');
  return name === '' ? 'ensembles' : name;
}
