import { relative, resolve } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import { WORKER_NAME, workerNameFor } from '../../node/deploy/worker-name.ts';
import { newProject } from '../../node/init/new-project.ts';
import { writeNewProject } from '../../node/init/write-project.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { createPaint } from '../terminal/paint.ts';
import { UsageProblem } from '../usage-problem.ts';
import { askChoices } from './ask-choices.ts';
import { badName } from './bad-name.ts';

export interface InitOptions {
  readonly name?: string;
  readonly yes?: boolean;
  /** False by `--no-triggers`. */
  readonly triggers: boolean;
}

/**
 * `ensemble init`: a new project. What a person at a terminal does not say by options is asked there.
 * @throws UsageProblem for a bad name, ProjectProblem for files that are in the way.
 */
export async function runInit(dir: string, options: InitOptions, io: Io): Promise<ExitCode> {
  const folder = resolve(io.cwd, dir);
  if (options.name !== undefined && !WORKER_NAME.test(options.name)) throw new UsageProblem(badName(options.name));
  const chosen = { name: options.name ?? workerNameFor(folder), triggers: options.triggers };
  const isAsked = options.yes !== true && io.stdin.isTTY && io.stderr.isTTY;
  const choices = isAsked ? await askChoices(chosen, { name: options.name === undefined, triggers: options.triggers }, io) : chosen;
  if (choices === undefined) return EXIT.interrupted;
  const written = writeNewProject(folder, newProject({ ...choices, version: packageJson.version }));
  const paint = createPaint(io.stdout, io.env);
  const list = (mark: string, paths: readonly string[], why = '') => paths.map((path) => `${mark} ${path}${why}\n`).join('');
  const place = relative(io.cwd, folder) || '.';
  io.stdout.write(
    list(paint.green('+'), written.made) +
      list(paint.yellow('~'), written.joined, paint.dim('  got what it lacked')) +
      list(paint.dim('='), written.kept, paint.dim('  was there, and is as it was')),
  );
  const steps = [
    ...(place === '.' ? [] : [`cd ${shellWord(place.startsWith('-') ? `./${place}` : place)}`]),
    'npm install',
    'npx ensemble run word-report --input @ensembles/inputs/word-report.json',
    'npx ensemble dev',
    'npx ensemble doctor',
  ];
  io.stdout.write(`\nNext:\n${steps.map((step) => `  ${paint.bold(step)}\n`).join('')}`);
  return EXIT.done;
}

function shellWord(path: string): string {
  const shown = harmlessLine(path);
  return /^[\w./@-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}
