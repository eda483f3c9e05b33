import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderFailures } from './generate/failures.ts';

/** Files that are made from the code: path from the root → text. A test compares them with what is committed. */
export async function generateFiles(): Promise<ReadonlyMap<string, string>> {
  return new Map([['docs/failures.md', renderFailures()]]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of await generateFiles()) writeFileSync(new URL(`../${path}`, import.meta.url), text);
}
