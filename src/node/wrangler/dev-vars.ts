import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { ProjectProblem } from '../project-problem.ts';
import { readRootFile } from '../read-root-file.ts';
import { UnreadableText } from '../read-text.ts';

/**
 * The secrets of `.dev.vars` (the format of dotenv) in the project's root; empty without such a file. Every value of it is a secret
 * (LANGUAGE §3.2), as it is on Cloudflare. A named environment that has a file of its own (`.dev.vars.staging`) has only what is in there, as with wrangler.
 */
export function readDevVars(root: string, environment?: string): Readonly<Record<string, string>> {
  const own = `.dev.vars.${environment}`;
  const name = environment !== undefined && existsSync(join(root, own)) ? own : '.dev.vars';
  let text: string;
  try {
    text = readRootFile(join(root, name));
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
    if (error.absent) return {};
    throw new ProjectProblem(`${name} cannot be read: ${error.message}`, { cause: error });
  }
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseEnv(text))) if (value !== undefined) variables[name] = value;
  return variables;
}
