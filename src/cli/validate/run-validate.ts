import { resolve } from 'node:path';
import type { ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { UsageProblem } from '../usage-problem.ts';
import { readRuleOptions } from './read-rule-options.ts';
import { selectFiles } from './select-files.ts';
import { type CheckOptions, type StdinFile, validateFiles } from './validate-files.ts';
import { Workspace } from './workspace.ts';

export interface ValidateOptions extends CheckOptions {
  readonly rule?: readonly string[];
  readonly watch?: boolean;
  readonly stdinFilename?: string;
}

/**
 * `ensemble validate`: findings on stdout, how many there are on stderr.
 * @throws UsageProblem; anything else is a defect.
 */
export async function runValidate(paths: readonly string[], options: ValidateOptions, io: Io): Promise<ExitCode> {
  const rules = readRuleOptions(options.rule ?? []);
  const stdin = await readStdin(paths, options, io);
  const onDisk = paths.filter((path) => path !== '-');
  if (options.watch && stdin !== undefined) throw new UsageProblem('--watch cannot watch stdin');
  if (options.watch) {
    const { watchAndValidate } = await import('./watch-and-validate.ts');
    return watchAndValidate(onDisk, rules, options, io);
  }
  const workspace = new Workspace(rules);
  const selected = stdin !== undefined && onDisk.length === 0 ? [] : await selectFiles(onDisk, workspace, io.cwd);
  return validateFiles(selected, stdin, workspace, options, io);
}

async function readStdin(paths: readonly string[], { stdinFilename }: ValidateOptions, io: Io): Promise<StdinFile | undefined> {
  const isNamed = stdinFilename !== undefined;
  if (!paths.includes('-') && !(isNamed && paths.length === 0)) {
    if (isNamed) throw new UsageProblem('--stdin-filename names what is read from stdin: add the path -');
    return undefined;
  }
  return { file: resolve(io.cwd, stdinFilename ?? '<stdin>'), bytes: await io.readStdin() };
}
