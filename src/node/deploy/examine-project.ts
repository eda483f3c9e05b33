import { basename, join, relative, sep } from 'node:path';
import { parseEnv } from 'node:util';
import type { Diagnostic } from '../../program/diagnostic.ts';
import { findTriggerConflicts } from '../../program/trigger-conflicts.ts';
import { type CompiledProject, compileProject } from '../build/compile-project.ts';
import type { Project } from '../find-project.ts';
import { readRootFile } from '../read-root-file.ts';
import { UnreadableText } from '../read-text.ts';
import { type OpenConfig, openConfig, openConfigText } from '../wrangler/config-reader.ts';
import { resolveConfig } from '../wrangler/deploy-config.ts';
import { readDevVars } from '../wrangler/dev-vars.ts';
import { DEPLOY_CHECKS } from './checks/index.ts';
import { findTools, type Tools } from './find-tools.ts';
import { type Examined, type Finding, finding } from './finding.ts';
import { platformNeeds } from './platform-needs.ts';

export interface ExamineOptions {
  readonly project: Project;
  /** A named environment of the configuration. */
  readonly environment?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A project's configuration beside what its ensembles need. */
export interface Examination {
  readonly findings: readonly Finding[];
  /** What is wrong with the ensembles themselves. */
  readonly errors: readonly Diagnostic[];
  /** Without a file: an empty one that is to be. */
  readonly config: OpenConfig;
  readonly isNew: boolean;
  readonly tools: Tools;
  /** The findings once the configuration has another text. */
  withText(text: string): readonly Finding[];
}

const NEW_CONFIG = 'wrangler.toml';

/**
 * Compares the wrangler configuration with what the ensembles need deployed.
 * @throws ProjectProblem for a configuration, settings or `.dev.vars` that cannot be read.
 */
export function examineProject({ project, environment, env }: ExamineOptions): Examination {
  const isNew = project.wranglerFile === undefined;
  const file = project.wranglerFile ?? join(project.root, NEW_CONFIG);
  const config = isNew ? openConfigText(file, '') : openConfig(file);
  const compiled = compileProject(project);
  const needs = platformNeeds(compiled.programs);
  const tools = findTools(project.root, env);
  const localSecrets = { given: new Set(Object.keys(readDevVars(project.root))), expected: readExpected(project.root) };
  const examine = (open: OpenConfig): readonly Finding[] => {
    const examined: Examined = { project, needs, tools, localSecrets, config: resolveConfig(open, environment) };
    const findings = DEPLOY_CHECKS.flatMap((check) => check(examined));
    return [...aboutEnsembles(compiled), ...findings].map((found) => withPlace(found, project, open));
  };
  const missing = finding('no-configuration', `there is no wrangler configuration in ${basename(project.root)}/`, {
    help: `ensemble doctor --fix writes ${NEW_CONFIG}`,
  });
  return {
    findings: [...(isNew ? [missing] : []), ...examine(config)],
    errors: compiled.errors,
    config,
    isNew,
    tools,
    withText: (text) => examine(openConfigText(file, text)),
  };
}

function aboutEnsembles({ programs, errors }: CompiledProject): readonly Finding[] {
  const files = [...new Set(errors.map(({ span }) => span.file))];
  const broken = files.map((file) => {
    const count = errors.filter(({ span }) => span.file === file).length;
    const help = 'ensemble validate shows them; what it needs of the platform is not known';
    return finding('broken-ensemble', `it has ${count} error${count > 1 ? 's' : ''}`, { file, help });
  });
  const conflicts = findTriggerConflicts(programs.map(({ file, triggers }) => ({ id: file, file, triggers }))).map(
    ({ method, path, first, second }) =>
      finding(
        'trigger-conflict',
        `${method} ${path} is answered by a trigger of ${first.file === second.file ? 'the same file' : first.file} already`,
        {
          file: second.file,
          help: 'give one of them another path or method',
        },
      ),
  );
  if (programs.length > 0 || broken.length > 0) return [...broken, ...conflicts];
  return [
    finding('no-ensembles', 'there are no ensembles to deploy', { help: 'write one under ensembles/, or start with: ensemble init' }),
  ];
}

/** A file of the project is told as it is reached from the working directory; the configuration's name is so already. */
function withPlace(found: Finding, { root }: Project, { shown }: OpenConfig): Finding {
  if (found.file === undefined || found.file === shown) return found;
  return { ...found, file: relative(process.cwd(), join(root, found.file)).split(sep).join('/') };
}

/** `.dev.vars.example` names the secrets that everybody who works on the project has. */
function readExpected(root: string): ReadonlySet<string> {
  try {
    return new Set(Object.keys(parseEnv(readRootFile(join(root, '.dev.vars.example')))));
  } catch (error) {
    if (error instanceof UnreadableText) return new Set();
    throw error;
  }
}
