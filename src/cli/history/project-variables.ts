import type { Project } from '../../node/find-project.ts';
import { readDevVars } from '../../node/wrangler/dev-vars.ts';
import { readWranglerConfig } from '../../node/wrangler/wrangler-config.ts';
import type { Io } from '../io.ts';
import { readVariables } from '../run/read-variables.ts';

/** What expressions read as `env` in a run of this project, and which of it is secret. */
export interface ProjectVariables {
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/**
 * The variables of the wrangler configuration, of `.dev.vars` and of `--var`, the later over the earlier.
 * @throws ProjectProblem for a broken configuration; UsageProblem for a malformed `--var`.
 */
export function readProjectVariables({ root, wranglerFile }: Project, options: readonly string[], io: Io): ProjectVariables {
  const configured = wranglerFile === undefined ? {} : readWranglerConfig(wranglerFile).vars;
  const texts = Object.entries(configured).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const devVars = readDevVars(root);
  const { vars, secretVars } = readVariables(options, devVars, io);
  return { env: { ...Object.fromEntries(texts), ...devVars, ...vars }, secrets: [...new Set([...Object.keys(devVars), ...secretVars])] };
}
