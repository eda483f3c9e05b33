import { relative } from 'node:path';
import { examineProject } from '../../node/deploy/examine-project.ts';
import { runWrangler } from '../../node/deploy/run-wrangler.ts';
import { findProject } from '../../node/find-project.ts';
import { ProjectProblem } from '../../node/project-problem.ts';
import { resolveConfig } from '../../node/wrangler/deploy-config.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { showDiagnostics } from '../run/show-diagnostics.ts';
import { createPaint } from '../terminal/paint.ts';
import { UsageProblem } from '../usage-problem.ts';
import { renderFinding } from './show-findings.ts';

export interface DeployOptions {
  readonly env?: string;
  readonly dryRun?: boolean;
}

/**
 * `ensemble deploy`: what `ensemble doctor` calls an error stops it; else the project's wrangler takes over, which builds by the configuration's `[build]` and deploys. Where it
 * fails, with whatever exit code, ours is 1.
 * @throws UsageProblem, ProjectProblem; anything else is a defect.
 */
export async function runDeploy(given: readonly string[], { env: environment, dryRun = false }: DeployOptions, io: Io): Promise<ExitCode> {
  const [first] = given;
  if (first !== undefined && !first.startsWith('-')) {
    throw new UsageProblem(`deploy takes no "${first}": name an environment by --env, and write what is for wrangler behind --`);
  }
  const project = findProject(io.cwd);
  const { findings, errors, config, tools } = examineProject({
    project,
    env: io.env,
    ...(environment === undefined ? {} : { environment }),
  });
  const paint = createPaint(io.stderr, io.env);
  showDiagnostics(errors, project.root, io);
  const wrong = findings.filter(({ severity }) => severity !== 'note');
  if (wrong.length > 0) io.stderr.write(`${wrong.map((found) => renderFinding(found, paint)).join('\n')}\n`);
  if (wrong.some(({ severity }) => severity === 'error')) {
    const canFix = wrong.some(({ severity, changes }) => severity === 'error' && changes.length > 0);
    io.stderr.write(`Nothing is deployed.${canFix ? ' ensemble doctor --fix writes what is missing.' : ''}\n`);
    return EXIT.problemsInFile;
  }
  const { wrangler } = tools;
  if (wrangler === undefined) {
    throw new ProjectProblem('wrangler, which deploys, is neither in the project nor in PATH; install it: npm install --save-dev wrangler');
  }
  const { environments } = resolveConfig(config);
  const args = [
    'deploy',
    '--config',
    relative(project.root, config.file),
    // Where there are environments wrangler wants to be told that none of them is meant.
    ...(environment !== undefined ? ['--env', environment] : environments.length > 0 ? ['--env='] : []),
    ...(dryRun ? ['--dry-run'] : []),
    ...given,
  ];
  // The build that wrangler starts is told the environment too.
  const env = environment === undefined ? io.env : { ...io.env, CLOUDFLARE_ENV: environment };
  const code = await runWrangler({ wrangler, args, cwd: project.root, env });
  return code === EXIT.done || code === EXIT.interrupted ? code : EXIT.problemsInFile;
}
