import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderCommandLine } from './generate/command-line.ts';
import { renderDependencies } from './generate/dependencies.ts';
import { renderFailures } from './generate/failures.ts';
import { renderOpenApi } from './generate/openapi.ts';
import { renderOwnReaders } from './generate/own-readers.ts';
import { renderRules } from './generate/rules.ts';
import { generateValidators } from './generate/validators.ts';

/** Files that are made from the code: path from the root → text. A test compares them with what is committed. */
export async function generateFiles(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['docs/cli.md', renderCommandLine()],
    ['docs/rules.md', renderRules()],
    ['docs/dependencies.md', renderDependencies(fileURLToPath(new URL('..', import.meta.url)))],
    ['docs/failures.md', renderFailures()],
    ['schemas/openapi.json', await renderOpenApi()],
    ['src/runtime/expression/own-readers.gen.ts', renderOwnReaders()],
    ...(await generateValidators()),
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of await generateFiles()) writeFileSync(new URL(`../${path}`, import.meta.url), text);
}
