import { relative, resolve } from 'node:path';
import { type BuildOutcome, buildProject } from '../../node/build/build-project.ts';
import { findProject } from '../../node/find-project.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print-json.ts';
import { showDiagnostics } from '../run/show-diagnostics.ts';
import { createPaint } from '../terminal/paint.ts';
import { showBuild } from './show-build.ts';

export interface BuildCommandOptions {
  readonly out?: string;
  readonly env?: string;
  readonly json?: boolean;
}

/**
 * `ensemble build`. With `--json` stdout is the outcome, also of a project that has errors.
 * @throws ProjectProblem; anything else is a defect.
 */
export async function runBuild({ out, env, json = false }: BuildCommandOptions, io: Io): Promise<ExitCode> {
  const project = findProject(io.cwd);
  const outcome = await buildProject({
    project,
    environment: env ?? (io.env.CLOUDFLARE_ENV || undefined),
    ...(out === undefined ? {} : { folder: resolve(io.cwd, out) }),
  });
  if (json) printJson(asJson(outcome, io.cwd), io);
  if (outcome.type === 'refused') {
    showDiagnostics(outcome.diagnostics, project.root, io);
    io.stderr.write('nothing was built\n');
    return EXIT.problemsInFile;
  }
  if (!json)
    for (const line of showBuild(outcome, relative(io.cwd, outcome.folder) || '.', createPaint(io.stdout, io.env)))
      io.stdout.write(`${line}\n`);
  if (outcome.warnings > 0)
    io.stderr.write(
      `${outcome.warnings} warning${outcome.warnings === 1 ? '' : 's'} (ensemble validate shows ${outcome.warnings === 1 ? 'it' : 'them'})\n`,
    );
  if (outcome.size.is_near_limit) io.stderr.write('warning: the Worker is near the largest that Cloudflare takes\n');
  return EXIT.done;
}

function asJson(outcome: BuildOutcome, cwd: string) {
  if (outcome.type === 'refused') return outcome;
  const { type, folder, size, warnings, files, manifest } = outcome;
  return { type, folder: relative(cwd, folder) || '.', size, warnings, files, manifest };
}
